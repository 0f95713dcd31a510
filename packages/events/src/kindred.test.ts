import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KindredInput, kindredOf } from './kindred.ts';

const event = (title: string, places: string[], terms: string[] = []): KindredInput => ({ title, places, terms });

const seen = event('官亭镇这边一个板材厂着火了，浓烟老远就能看见', ['巨鹿县', '官亭镇'], ['着火', '浓烟']);

describe('kindredOf', () => {
  it('finds one happening in other words by its township and what it is about', () => {
    const told = event('突发：巨鹿县官亭镇一板材厂起火，消防救援力量已到场处置', ['巨鹿县', '官亭镇'], ['起火']);
    expect(kindredOf(seen, told)).toEqual({ places: ['官亭镇'], words: ['板材厂'] });
    expect(kindredOf(seen, event('巨鹿官亭一板材加工厂着火，附近道路临时管控', ['巨鹿县', '官亭镇'], ['着火']))?.words).toEqual(['板材']);
  });

  it('finds nothing by the sort of happening alone, nor in another township', () => {
    expect(kindredOf(seen, event('官亭镇一民房着火', ['巨鹿县', '官亭镇'], ['着火']))).toBeNull();
    expect(kindredOf(seen, event('小吕寨镇一板材厂起火', ['巨鹿县', '小吕寨镇'], ['起火']))).toBeNull();
    expect(kindredOf(seen, event('一板材厂起火', ['南宫市'], ['起火']))).toBeNull();
  });

  it('asks for more where only the county is shared', () => {
    expect(kindredOf(seen, event('县城一板材厂起火', ['巨鹿县'], ['起火']))).toBeNull();
    const gym = event('县城东安路那家健身房突然关门', ['巨鹿县'], ['关门']);
    expect(kindredOf(gym, event('东安路健身房老板失联，会员退款无门', ['巨鹿县'], ['失联']))?.words).toEqual(['东安路', '健身房']);
  });

  it('names what stands in both titles, whatever they are', () => {
    const title = fc.string({ unit: fc.constantFrom(...Array.from('官亭镇一板材厂起火，着火了 A1')), maxLength: 40 });
    fc.assert(
      fc.property(title, title, (a, b) => {
        const [one, other] = [event(a, ['官亭镇']), event(b, ['官亭镇'])];
        const [there, back] = [kindredOf(one, other), kindredOf(other, one)];
        for (const word of [...(there?.words ?? []), ...(back?.words ?? [])]) {
          expect(a).toContain(word);
          expect(b).toContain(word);
        }
      }),
    );
  });
});
