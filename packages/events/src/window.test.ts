import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signatureSlots } from './signature.ts';
import { createWindow, type Member, rebuild } from './window.ts';

const signature = fc.uint16Array({ minLength: signatureSlots, maxLength: signatureSlots, max: 3 });
const member = (id: number): Member => ({ id, event: id * 10, seed: id, at: id });

test('finds what it holds, the most alike first, and forgets the oldest', () => {
  const window = createWindow({ capacity: 4 });
  const one = Uint16Array.from({ length: signatureSlots }, (_, n) => n);
  const near = one.slice();
  near.fill(999, 0, 20);
  window.put(near, member(1));
  window.put(one, member(2));
  expect(window.find(one).map((m) => m.id)).toEqual([2, 1]);
  expect(window.find(one, { limit: 1 })).toMatchObject([member(2)]);
  expect(window.find(new Uint16Array(signatureSlots).fill(7))).toEqual([]);
  for (const id of [3, 4, 5]) window.put(new Uint16Array(signatureSlots).fill(id * 100), member(id));
  expect(window.find(one).map((m) => m.id)).toEqual([2]);
  expect(window.get(1)).toBeUndefined();
  expect(window.size).toBe(4);
  expect(() => window.put(new Uint16Array(3), member(9))).toThrow(RangeError);
});

test('moved items are found in their new event', () => {
  const window = createWindow({ capacity: 8 });
  const one = new Uint16Array(signatureSlots).fill(5);
  window.put(one, member(1));
  expect(window.move(1, { event: 77 })).toBe(true);
  expect(window.find(one)).toMatchObject([{ ...member(1), event: 77 }]);
  window.move(1, { event: 78, seed: 4 });
  expect(window.get(1)).toEqual({ id: 1, event: 78, seed: 4, at: 1 });
  expect(window.move(2, { event: 1 })).toBe(false);
});

test('a window rebuilt from what was put in answers as the one that lived through it', () => {
  fc.assert(
    fc.property(fc.array(signature, { maxLength: 60 }), signature, fc.integer({ min: 2, max: 40 }), (rows, asked, capacity) => {
      const stored = rows.map((s, n) => ({ signature: s, member: member(n + 1) }));
      const live = createWindow({ capacity });
      for (const row of stored) live.put(row.signature, row.member);
      const fresh = createWindow({ capacity });
      fresh.put(asked, member(999));
      rebuild(fresh, stored.slice(-capacity));
      expect(fresh.find(asked, { limit: 100 })).toEqual(live.find(asked, { limit: 100 }));
      for (let id = 1; id <= rows.length; id += 1) expect(fresh.get(id)).toEqual(live.get(id));
      expect(live.get(rows.length)?.id).toBe(rows.length === 0 ? undefined : rows.length);
    }),
  );
});

test('holds exactly the newest ids whatever their order and size', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 45 }), { maxLength: 120 }),
      fc.integer({ min: 1, max: 30 }),
      (ids, capacity) => {
        const window = createWindow({ capacity });
        const one = new Uint16Array(signatureSlots);
        for (const id of ids) window.put(one, member(id));
        const kept = new Set(ids.slice(-capacity));
        for (const id of ids) expect(window.get(id) !== undefined).toBe(kept.has(id));
      },
    ),
  );
});
