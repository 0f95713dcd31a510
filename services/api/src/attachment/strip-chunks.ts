const pngTelling = new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME']);

/** A PNG (ISO/IEC 15948) without EXIF, texts and times, nor anything after its end. Null when it is broken. */
export function stripPng(bytes: Buffer): Buffer | null {
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!pngTelling.has(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IEND') return Buffer.concat(kept);
    at = end;
  }
  return null;
}

const webpTelling = new Set(['EXIF', 'XMP ']);
const webpTellingFlags = 0x08 | 0x04;

/** A WebP (RFC 9649) without EXIF and XMP, nor anything after its end. Null when it is broken. */
export function stripWebp(bytes: Buffer): Buffer | null {
  const size = bytes.readUInt32LE(4) + 8;
  if (size > bytes.length + 1) return null;
  const kept: Buffer[] = [];
  for (let at = 12; at + 8 <= Math.min(size, bytes.length); ) {
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (at + 8 + length > bytes.length) return null;
    const type = bytes.toString('latin1', at, at + 4);
    if (!webpTelling.has(type)) {
      const chunk = Buffer.from(bytes.subarray(at, end));
      if (type === 'VP8X' && length > 0) chunk[8] = (chunk[8] ?? 0) & ~webpTellingFlags;
      kept.push(chunk);
    }
    at = end;
  }
  if (kept.length === 0) return null;
  const body = Buffer.concat(kept);
  const head = Buffer.from(bytes.subarray(0, 12));
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}
