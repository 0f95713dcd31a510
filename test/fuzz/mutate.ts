/** Numbers from 0 to 1 that the seed decides (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const scraps = [
  ...['<', '>', '&', '&amp;', '&#xD800;', '<!--', '-->', '<![CDATA[', ']]>', '<!DOCTYPE a [', '<?xml', '"', "'", '\0', '\ufeff', '</'],
  ...[
    '<item>',
    '</item>',
    '<entry>',
    '<div>',
    '</div>',
    '<p',
    '<script>',
    '<title>',
    '<table><tr><td>',
    '<a href="',
    'xmlns="',
    '{"items":[',
  ],
  ...['2026年11月23日', '昨天 10:05', '99999999999999999999', '1e999', '-->', '\u202e', '\ud83d'],
].map((text) => Buffer.from(text));

/** One to twelve changes: bytes flipped, cut out, doubled many times, or scraps of markup put in. */
export function mutated(bytes: Uint8Array, random: () => number): Uint8Array {
  let result = Buffer.from(bytes);
  const changes = 1 + Math.floor(random() * 12);
  for (let i = 0; i < changes; i += 1) {
    const at = Math.floor(random() * result.length);
    const length = Math.floor(random() * random() * 400);
    const [head, rest] = [result.subarray(0, at), result.subarray(at)];
    const choice = random();
    if (choice < 0.25) result[at] = Math.floor(random() * 256);
    else if (choice < 0.5) result = Buffer.concat([head, rest.subarray(length)]);
    else if (choice < 0.8) result = Buffer.concat([head, scraps[Math.floor(random() * scraps.length)] ?? Buffer.alloc(0), rest]);
    else
      result = Buffer.concat([
        head,
        ...Array.from({ length: 1 + Math.floor(random() ** 4 * 3_000) }, () => rest.subarray(0, Math.min(length, 120))),
        rest,
      ]);
  }
  return result;
}
