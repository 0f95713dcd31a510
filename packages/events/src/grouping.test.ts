import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gistOf } from './gist.ts';
import { chooseEvent, createGrouping, type GroupedItem } from './grouping.ts';

const item = (id: string | number, title: string, text = '', at: number | null = 0): GroupedItem => ({ id, title, text, at });
const fire = '县消防救援大队接到报警后迅速赶到现场，出动4辆消防车26名队员，明火已于当晚扑灭，无人员伤亡，起火原因正在进一步调查。';

test('copies name the item they copy, near-copies its event, others begin their own', () => {
  const grouping = createGrouping();
  expect(grouping.add(item('a', '青河县一仓库起火', fire))).toEqual({ id: 'a', event: 'a' });
  expect(grouping.add(item('b', '青河县一仓库 起火', ` ${fire}`))).toEqual({ id: 'b', event: 'a', duplicateOf: 'a' });
  expect(grouping.add(item('c', '快讯｜青河县一仓库起火', `${fire}责任编辑：某某`))).toEqual({ id: 'c', event: 'a' });
  expect(grouping.add(item('d', '青河县一仓库起火', fire))).toEqual({ id: 'd', event: 'a', duplicateOf: 'a' });
  expect(grouping.add(item(5, '文化广场举办秧歌比赛', '十二支队伍参加了今年的比赛，现场十分热闹。'))).toEqual({ id: 5, event: 5 });
});

test('items without text copy nothing', () => {
  const grouping = createGrouping();
  expect(grouping.add(item('a', ''))).toEqual({ id: 'a', event: 'a' });
  expect(grouping.add(item('b', ' '))).toEqual({ id: 'b', event: 'b' });
});

test('a bridge does not chain what is unlike', () => {
  const left = gistOf(item(1, '青河县一仓库起火现场浓烟滚滚', fire));
  const middle = gistOf(item(2, '青河县一仓库起火现场浓烟滚滚 文化广场举办秧歌比赛', fire));
  const right = item(3, '文化广场举办秧歌比赛 十二支队伍参加', '十二支队伍参加了今年的比赛，现场十分热闹。');
  const gists = new Map([
    [1, left],
    [2, middle],
  ]);
  const candidates = [{ id: 2, event: 1, seed: 1, at: 0, alike: 40, textAlike: 40 }];
  expect(chooseEvent(gistOf(item(4, '文化广场举办秧歌比赛 青河县一仓库起火现场', '')), candidates, (id) => gists.get(id))).not.toBeNull();
  expect(chooseEvent(gistOf(right), candidates, (id) => gists.get(id))).toBeNull();
});

test('a story does not go on for ever: a week after its first item a report begins another', () => {
  const day = 24 * 3_600_000;
  const grouping = createGrouping();
  const events = [0, 3, 6, 9, 12].map(
    (n) => grouping.add(item(n, '青河县一仓库起火', `${fire}编号${'甲乙丙丁戊己庚辛壬癸子丑寅'[n]}`, n * day)).event,
  );
  expect(events).toEqual([0, 0, 0, 9, 9]);
});

test('memory is bounded: what was forgotten is not found', () => {
  const grouping = createGrouping({ capacity: 2 });
  grouping.add(item('a', '青河县一仓库起火', fire));
  for (const n of [1, 2, 3]) grouping.add(item(n, `第${n}届书画展在${'甲乙丙'[n - 1]}馆开幕`));
  expect(grouping.add(item('b', '青河县一仓库起火', fire))).toEqual({ id: 'b', event: 'b' });
});

test('the same items in the same order give the same events; equal items in any order are one', () => {
  const words = fc.array(fc.constantFrom('青河县', '仓库', '起火', '3人', '29日', '死亡', '市场', '公司', '预警', '学校'), {
    minLength: 1,
    maxLength: 9,
  });
  const texts = fc.array(fc.record({ title: words.map((w) => w.join('')), text: words.map((w) => w.join('')) }), { maxLength: 25 });
  fc.assert(
    fc.property(texts, (list) => {
      const run = () => {
        const grouping = createGrouping();
        return list.map((t, n) => grouping.add({ ...t, id: n, at: null }));
      };
      const once = run();
      expect(run()).toEqual(once);
      for (const { id, event, duplicateOf } of once) {
        expect(Number(event)).toBeLessThanOrEqual(Number(id));
        expect(once[Number(event)]?.event).toBe(event);
        if (duplicateOf !== undefined) expect(once[Number(duplicateOf)]?.event).toBe(event);
      }
      const equal = createGrouping();
      const [first] = list;
      if (first) expect(new Set(list.map((_, n) => equal.add({ ...first, id: n, at: null }).event)).size).toBe(1);
    }),
  );
});
