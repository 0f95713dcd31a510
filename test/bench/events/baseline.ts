/** The straightforward way: 128 hash functions over the set of a text's 4-grams, the least value of each. */
export function minhash128(text: string): Uint32Array {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  const grams = new Set<string>();
  for (let i = 0; i + 4 <= plain.length; i += 1) grams.add(plain.slice(i, i + 4));
  const least = new Uint32Array(128).fill(0xffff_ffff);
  for (const gram of grams) {
    let base = 0x811c_9dc5;
    for (let i = 0; i < gram.length; i += 1) base = Math.imul(base ^ gram.charCodeAt(i), 0x0100_0193);
    for (let k = 0; k < 128; k += 1) {
      const value = (Math.imul(base, a[k] as number) + (b[k] as number)) >>> 0;
      if (value < (least[k] as number)) least[k] = value;
    }
  }
  return least;
}

const a = Uint32Array.from({ length: 128 }, (_, k) => Math.imul(k + 1, 0x9e37_79b1) | 1);
const b = Uint32Array.from({ length: 128 }, (_, k) => Math.imul(k + 7, 0x85eb_ca6b));
