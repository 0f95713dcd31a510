import { tokenise } from './tokens.ts';

/**
 * One-permutation MinHash with optimal densification (Li, Owen and Zhang 2012; Shrivastava 2017): each gram is hashed once, the
 * hash's high bits choose the slot and its low bits compete there. Two signatures agree in a slot with a probability near the Jaccard
 * similarity of the two gram sets.
 *
 * A signature is {@link signatureSlots} 16-bit values: 64 over title and text, then 24 over the title alone, which finds the
 * short flash beside the long report of the same happening.
 */
export const textSlots = 64;
export const titleSlots = 24;
export const signatureSlots = textSlots + titleSlots;

/** Two slots are one band: items that agree in a whole band are candidates. 32 bands over the text, 12 over the title. */
export const bands = signatureSlots / 2;

/** Tokens that are looked at; what follows in a longer text cannot make it another story. */
const tokenLimit = 8_192;
const textGram = 4;
const titleGram = 2;

const tokens = new Uint32Array(tokenLimit);
const minima = new Uint32Array(textSlots);

/**
 * The signature of an item; null when neither title nor text has a letter or digit in it. Written into `into` (of
 * {@link signatureSlots} values) when given.
 */
export function signatureOf(item: { title: string; text: string }, into = new Uint16Array(signatureSlots)): Uint16Array | null {
  const titleEnd = tokenise(item.title, tokens.subarray(0, tokenLimit >> 1));
  const end = tokenise(item.text, tokens, titleEnd);
  if (end === 0) return null;
  sketch(0, end, textGram, textSlots, 6, into, 0);
  // A post without a title is found by its beginning.
  sketch(0, titleEnd > 0 ? titleEnd : Math.min(end, 24), titleGram, titleSlots, 5, into, textSlots);
  return into;
}

/** The signature as it is stored: little-endian, two bytes a slot. */
export function encodeSignature(signature: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(signature.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < signature.length; i += 1) view.setUint16(i * 2, signature[i] as number, true);
  return bytes;
}

/** Null when the bytes are not a signature of this version's shape. */
export function decodeSignature(bytes: Uint8Array): Uint16Array | null {
  if (bytes.length !== signatureSlots * 2) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const signature = new Uint16Array(signatureSlots);
  for (let i = 0; i < signatureSlots; i += 1) signature[i] = view.getUint16(i * 2, true);
  return signature;
}

function sketch(from: number, to: number, gram: number, slots: number, bits: number, into: Uint16Array, at: number): void {
  minima.fill(empty, 0, slots);
  const width = Math.min(gram, to - from);
  const last = to - width;
  const shift = 32 - bits;
  for (let i = from; i <= last; i += 1) {
    let hash = seed;
    for (let j = i; j < i + width; j += 1) hash = Math.imul(hash ^ (tokens[j] as number), step) ^ (hash >>> 15);
    hash = mix(hash);
    // 24 slots are the first 24 of 32: a gram of the other eight wraps around.
    let slot = hash >>> shift;
    if (slot >= slots) slot -= slots;
    const rest = (hash << bits) >>> 0;
    if (rest < (minima[slot] as number)) minima[slot] = rest;
  }
  for (let slot = 0; slot < slots; slot += 1) {
    let source = slot;
    for (let attempt = 1; minima[source] === empty; attempt += 1) source = mix(Math.imul(slot + 1, step) + attempt) % slots;
    into[at + slot] = mix(minima[source] as number) & 0xffff;
  }
}

const empty = 0xffff_ffff;
const seed = 0x2f0b_4c47;
const step = 0x9e37_79b1;

/** The finaliser of MurmurHash3. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
