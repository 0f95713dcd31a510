import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSignature, encodeSignature, signatureOf, signatureSlots } from './signature.ts';

const sentence = '县消防救援大队接到报警后迅速赶到现场，明火已于当晚扑灭，无人员伤亡，原因正在调查。';

test('the same text has the same signature, however it is spaced', () => {
  const one = signatureOf({ title: '仓库起火', text: sentence });
  const other = signatureOf({ title: ' 仓库 起火 ', text: sentence.replaceAll('，', ',\n  ') });
  expect(other).toEqual(one);
  expect(one?.length).toBe(signatureSlots);
});

test('agreeing slots estimate the likeness of the texts', () => {
  const long = Array.from(
    { length: 12 },
    (_, n) => `第${n}户居民反映水压不足已${n * 3}天，${'甲乙丙丁戊己庚辛壬癸子丑'[n]}区最为明显。`,
  ).join('');
  const whole = signatureOf({ title: '', text: long }) ?? new Uint16Array();
  const half = signatureOf({ title: '', text: long.slice(0, long.length / 2) }) ?? new Uint16Array();
  const other = signatureOf({ title: '', text: sentence.repeat(3) }) ?? new Uint16Array();
  const agree = (a: Uint16Array, b: Uint16Array) => a.slice(0, 64).filter((value, n) => value === b[n]).length / 64;
  expect(agree(whole, half)).toBeGreaterThan(0.3);
  expect(agree(whole, half)).toBeLessThan(0.75);
  expect(agree(whole, other)).toBeLessThan(0.1);
});

test('what has no letter or digit has none; a single character has one', () => {
  expect(signatureOf({ title: '', text: '……！' })).toBeNull();
  expect(signatureOf({ title: '', text: '水' })).not.toBeNull();
  expect(signatureOf({ title: '水', text: '' })).not.toBeNull();
});

test('stored and read again it is the same; what is not one is refused', () => {
  fc.assert(
    fc.property(fc.uint16Array({ minLength: signatureSlots, maxLength: signatureSlots }), (signature) => {
      expect(decodeSignature(encodeSignature(signature))).toEqual(signature);
    }),
  );
  expect(decodeSignature(new Uint8Array(12))).toBeNull();
});

test('any text has a signature or none, and long ones take no longer than their beginning', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (title, text) => {
      const signature = signatureOf({ title, text });
      expect(signature === null || signature.length === signatureSlots).toBe(true);
    }),
  );
  const long = sentence.repeat(1_000);
  expect(signatureOf({ title: '', text: `${long}尾` })).toEqual(signatureOf({ title: '', text: long }));
});
