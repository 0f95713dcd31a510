import { describe, expect, test } from 'vitest';
import { createJudge } from './judge.ts';
import { compileLexicon } from './lexicon.ts';
import { createVolume, type VolumeItem } from './volume.ts';

const judgeOf = (rules: string) => createJudge(compileLexicon(`[类别 accident]\n${rules}\n[地名]\n县 巨鹿县\n`));
const fire = '规则 火 IV\n 条件 着火\n';
const item = (title: string, more: Partial<VolumeItem> = {}): VolumeItem => ({
  ...{ title, sourceLocal: false, story: title, young: true, alert: 'none', rank: 0 },
  ...more,
});

describe('what a draft would bring', () => {
  const measure = (items: readonly VolumeItem[], draft = `${fire}规则 天气 IV\n 条件 天气\n规则 炸 II\n 条件 爆炸\n`) => {
    const volume = createVolume(judgeOf(fire), judgeOf(draft));
    for (const one of items) volume.add(one);
    return volume.result();
  };

  test('a story is one case, however many tell it; each rule says how many it brings', () => {
    const told = ['今天天气好', '明天天气好'].map((title) => item(`巨鹿县${title}`, { story: '天气' }));
    expect(measure([...told, item('巨鹿县仓库爆炸', { young: false }), item('巨鹿县下雪')])).toEqual({
      ...{ items: 4, levelled: 3, alerts: 2, atOnce: 1, raised: 0 },
      rules: [
        { rule: '天气', alerts: 1 },
        { rule: '炸', alerts: 1 },
      ],
    });
  });

  test('what is elsewhere gets a level and no case, unless its source is of the county', () => {
    expect(measure([item('外地天气好')])).toMatchObject({ levelled: 1, alerts: 0, rules: [] });
    expect(measure([item('天气好', { sourceLocal: true })])).toMatchObject({ levelled: 1, alerts: 1 });
  });

  test('what is a case already is none more; one that is open may rise, a closed one is left alone', () => {
    const told = (alert: VolumeItem['alert']) => measure([item('巨鹿县仓库着火爆炸', { alert, rank: 1 })]);
    expect(told('open')).toMatchObject({ levelled: 0, alerts: 0, raised: 1 });
    expect(measure([item('巨鹿县仓库着火爆炸', { alert: 'open', rank: 1, young: false })]), 'nobody is told any more').toMatchObject({
      raised: 0,
    });
    expect(told('closed')).toMatchObject({ alerts: 0, raised: 0 });
    expect(measure([item('巨鹿县仓库着火', { alert: 'open', rank: 1 })])).toMatchObject({ alerts: 0, raised: 0 });
  });

  test('a rule that was there and lost what held it back is named too', () => {
    const held = judgeOf(`${fire} 排除 烤肉\n`);
    const volume = createVolume(held, judgeOf(fire));
    volume.add(item('巨鹿县烤肉着火'));
    expect(volume.result()).toMatchObject({ alerts: 1, rules: [{ rule: '火', alerts: 1 }] });
  });
});
