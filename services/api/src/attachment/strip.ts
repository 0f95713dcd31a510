import type { AttachmentType } from '@guanlan/domain';
import { stripPng, stripWebp } from './strip-chunks.ts';
import { stripJpeg } from './strip-jpeg.ts';
import { stripMp4 } from './strip-mp4.ts';

/**
 * The same picture or film without what tells where, when and by which device it was taken (EXIF, GPS, XMP, IPTC, comments, previews);
 * how it is to be turned stays. Null when the file is broken. A PDF is left as it is: it cannot be cleaned without
 * being laid out anew.
 */
export function strip(bytes: Buffer, type: AttachmentType): Buffer | null {
  if (type === 'image/jpeg') return stripJpeg(bytes);
  if (type === 'image/png') return stripPng(bytes);
  if (type === 'image/webp') return stripWebp(bytes);
  return type === 'video/mp4' ? stripMp4(bytes) : bytes;
}
