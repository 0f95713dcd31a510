const marker = { soi: 0xd8, eoi: 0xd9, sos: 0xda, app0: 0xe0, app1: 0xe1, app2: 0xe2, app14: 0xee, comment: 0xfe } as const;

/**
 * A JPEG (ITU-T T.81 annex B) without its application segments and comments. Kept: JFIF, colour profiles, Adobe's colour transform;
 * of EXIF the orientation alone. What follows the end of the image (previews, films, maker's data) goes. Null when it is broken.
 */
export function stripJpeg(bytes: Buffer): Buffer | null {
  if (bytes[0] !== 0xff || bytes[1] !== marker.soi) return null;
  const kept: Buffer[] = [];
  let orientation = 1;
  for (let at = 2; at < bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const code = bytes[at + 1];
    if (code === undefined) return null;
    if (code === 0xff) {
      at += 1;
      continue;
    }
    if (code === marker.eoi) {
      return Buffer.concat([
        Buffer.from([0xff, marker.soi]),
        ...(orientation === 1 ? [] : [orientationSegment(orientation)]),
        ...kept,
        bytes.subarray(at, at + 2),
      ]);
    }
    if (isBare(code)) {
      kept.push(bytes.subarray(at, at + 2));
      at += 2;
      continue;
    }
    if (at + 4 > bytes.length) return null;
    const length = bytes.readUInt16BE(at + 2);
    let end = at + 2 + length;
    if (length < 2 || end > bytes.length) return null;
    if (code === marker.app1) orientation = orientationIn(bytes.subarray(at + 4, end)) ?? orientation;
    if (code === marker.sos) end = scanEnd(bytes, end);
    if (isWanted(code, bytes.subarray(at + 4, end))) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return null;
}

/** Restart markers and TEM stand alone, without a length. */
function isBare(code: number): boolean {
  return code === 0x01 || (code >= 0xd0 && code <= 0xd7);
}

function isWanted(code: number, body: Buffer): boolean {
  if (code === marker.comment) return false;
  if (code < marker.app0 || code > 0xef) return true;
  if (code === marker.app0) return body.toString('latin1', 0, 5) === 'JFIF\0';
  if (code === marker.app2) return body.toString('latin1', 0, 12) === 'ICC_PROFILE\0';
  return code === marker.app14 && body.toString('latin1', 0, 5) === 'Adobe';
}

/** Where the coded data of a scan end: at the next marker that is neither a stuffed byte nor a restart. */
function scanEnd(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && !isBare(next)) return at;
  }
  return bytes.length;
}

/** The orientation (2–8) that an EXIF segment gives; null when it gives none. */
function orientationIn(body: Buffer): number | null {
  if (body.length < 20 || body.toString('latin1', 0, 6) !== 'Exif\0\0') return null;
  const tiff = body.subarray(6);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) => (at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const start = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (start + 2 > tiff.length) return null;
  for (let i = 0; i < Math.min(u16(start), 500); i += 1) {
    const entry = start + 2 + i * 12;
    if (u16(entry) !== 0x0112) continue;
    const value = u16(entry + 8);
    return value >= 2 && value <= 8 ? value : null;
  }
  return null;
}

/** An EXIF segment that holds an orientation and nothing else. */
function orientationSegment(orientation: number): Buffer {
  const segment = Buffer.from('ffe10022457869660000' + '4d4d002a00000008' + '0001' + '011200030000000100000000' + '00000000', 'hex');
  segment.writeUInt16BE(orientation, 28);
  return segment;
}
