/**
 * Texts whose GB18030 bytes someone decoded as UTF-8: every byte that is no UTF-8 became U+FFFD and is lost, but a two-byte
 * character whose bytes happen to be UTF-8 shows as one strange letter (一 as һ, 转 as ת) and can be read again.
 */

/** A text with fewer lost characters than this, or a smaller share of them, is not treated as damaged. */
const least = { lost: 8, share: 0.2 };

let table: Record<number, number> | null = null;

/** What the strange letters of a damaged text were, by unit; null for a text that is not damaged. */
export function repairTable(text: string): Readonly<Record<number, number>> | null {
  let lost = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) lost++;
  if (lost < least.lost || lost < text.length * least.share) return null;
  table ??= buildTable();
  return table;
}

function buildTable(): Record<number, number> {
  const built: Record<number, number> = {};
  const decoder = new TextDecoder('gb18030');
  for (let unit = 0x80; unit < 0x800; unit++) {
    const read = decoder.decode(Uint8Array.of(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f)));
    const only = read.charCodeAt(0);
    if (read.length === 1 && only >= 0x3400 && only <= 0x9fff) built[unit] = only;
  }
  return built;
}
