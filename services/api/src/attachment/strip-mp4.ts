/** Boxes whose children may tell where a film was taken. */
const parents = new Set(['moov', 'trak', 'moof', 'traf']);
/** Boxes that hold nothing but what is told about a film: place, maker, comments. */
const telling = new Set(['udta', 'meta', 'uuid']);

/**
 * An MP4 (ISO/IEC 14496-12) whose telling boxes are blanked in place and called `free`, so that every offset stays true. Null when its
 * boxes do not fit into each other.
 */
export function stripMp4(bytes: Buffer): Buffer | null {
  const copy = Buffer.from(bytes);
  return blank(copy, 0, copy.length, 0) ? copy : null;
}

function blank(bytes: Buffer, from: number, to: number, depth: number): boolean {
  let at = from;
  while (at + 8 <= to) {
    let size = bytes.readUInt32BE(at);
    let head = 8;
    if (size === 1) {
      if (at + 16 > to) return false;
      size = Number(bytes.readBigUInt64BE(at + 8));
      head = 16;
    } else if (size === 0) size = to - at;
    if (size < head || at + size > to) return false;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (telling.has(type)) {
      bytes.write('free', at + 4, 'latin1');
      bytes.fill(0, at + head, at + size);
    } else if (parents.has(type) && depth < 4 && !blank(bytes, at + head, at + size, depth + 1)) return false;
    at += size;
  }
  return depth === 0 || at === to;
}
