import type { AttachmentType } from '@guanlan/domain';

/** What a file is by its first bytes, whatever its name says; null when it is none of the kinds that are taken. */
export function recognise(bytes: Buffer): AttachmentType | null {
  if (bytes.length < 12) return null;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  if (bytes.subarray(0, 8).equals(pngSignature)) return 'image/png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'image/webp';
  if (ascii(bytes, 0, 5) === '%PDF-') return 'application/pdf';
  // ISO/IEC 14496-12; pictures (heic, avif) and QuickTime use the same boxes under brands of their own.
  if (ascii(bytes, 4, 8) === 'ftyp' && /^(?:iso[m2-9]|mp4[12]|avc1|M4V |MSNV|3gp\d|dash)/u.test(ascii(bytes, 8, 12))) return 'video/mp4';
  return null;
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function ascii(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}
