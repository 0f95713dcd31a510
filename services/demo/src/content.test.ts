import path from 'node:path';
import { categoryIds, prepareItem } from '@guanlan/domain';
import { loadJudge } from '@guanlan/lexicon';
import { defaultsDir } from '@guanlan/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { readContent } from './content.ts';
import { createSchedule, type Publication } from './schedule.ts';
import { siteById } from './sites.ts';

const start = new Date('2026-11-23T01:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000);
const schedule = createSchedule({ start, pace: 1 });
const story = schedule.visible(after(600));
const day = schedule.visible(after(86_400));

describe('the schedule', () => {
  it('has a few hundred items in ten minutes, about sixty of them at once', () => {
    expect(schedule.visible(start).length).toBeGreaterThanOrEqual(55);
    expect(schedule.visible(start).length).toBeLessThanOrEqual(90);
    expect(story.length).toBeGreaterThanOrEqual(300);
    expect(story.length).toBeLessThanOrEqual(500);
  });

  it('only ever grows, oldest first', () => {
    let before = schedule.visible(start);
    for (let seconds = 15; seconds <= 900; seconds += 15) {
      const now = schedule.visible(after(seconds));
      expect(now.slice(0, before.length)).toEqual(before);
      expect(now.length).toBeGreaterThanOrEqual(before.length);
      before = now;
    }
  });

  it('trickles on after the story, and repeats nothing but what is a copy by design', () => {
    expect(day.length).toBeGreaterThan(story.length + 1_000);
    const texts = day.filter(({ role, id }) => role === 'everyday' || id.startsWith('9')).map(textOf);
    expect(new Set(texts).size).toBe(texts.length);
    expect(new Set(day.map(({ site, id }) => `${site}/${id}`)).size).toBe(day.length);
  });

  it('is the same story on every start, and another trickle', () => {
    const later = new Date(start.getTime() + 7_000_000);
    const again = createSchedule({ start: later, pace: 1 }).visible(new Date(later.getTime() + 900_000));
    const ids = (all: readonly Publication[]) => new Set(all.map(({ site, id }) => `${site}/${id}`).filter((id) => !/\/9/u.test(id)));
    expect(ids(again)).toEqual(ids(schedule.visible(after(900))));
    expect(again.filter(({ id }) => id.startsWith('9')).every(({ id }) => !day.some((one) => one.id === id))).toBe(true);
  });

  it('tells the same in a fraction of the time', () => {
    const fast = createSchedule({ start, pace: 30 });
    expect(fast.visible(after(20)).length).toBe(story.length);
    expect(fast.visible(after(3)).length).toBeLessThan(story.length);
  });

  it('names only sites that there are, and gives every site something', () => {
    expect(day.filter(({ site }) => siteById(site) === undefined)).toEqual([]);
    for (const { sites } of [...readContent().everyday, ...readContent().smallMatters]) expect(sites.length).toBeGreaterThan(0);
  });

  it('leaves no slot open', () => {
    expect(day.filter((one) => /[{}|~]/u.test(textOf(one))).map(textOf)).toEqual([]);
  });

  it('posts the notices of the county word for word at four sites', () => {
    const copies = [...Map.groupBy(story, textOf).values()].filter((group) => new Set(group.map(({ site }) => site)).size >= 4);
    expect(copies.length).toBeGreaterThanOrEqual(5);
  });
});

describe('under the shipped lexicon', () => {
  let judge: Awaited<ReturnType<typeof loadJudge>>;
  beforeAll(async () => {
    judge = await loadJudge(path.join(defaultsDir, 'lexicon'));
  });
  const assess = (one: Publication) => judge.assess({ title: one.title, text: one.paragraphs.join('\n') });

  it('every incident has a level and is local', () => {
    const missed = day.filter(({ role }) => role === 'incident').filter((one) => assess(one).level === 'none' || !assess(one).local);
    expect(missed.map(({ title }) => title)).toEqual([]);
  });

  it('the incidents speak of all thirteen categories at three levels', () => {
    const incidents = story.filter(({ role }) => role === 'incident').map(assess);
    expect(new Set(incidents.flatMap(({ categories }) => categories))).toEqual(new Set(categoryIds));
    expect(new Set(incidents.map(({ level }) => level))).toEqual(new Set(['IV', 'III', 'II']));
  });

  it('something deserves an alert from the first second', () => {
    const first = schedule.visible(start).filter(({ role }) => role === 'incident');
    expect(first.length).toBeGreaterThanOrEqual(3);
    expect(first.some((one) => assess(one).categories.includes('accident'))).toBe(true);
  });

  it('the fire spreads from a post to copies to an official notice, and its level rises', () => {
    const fire = story.filter(({ role, title }) => role === 'incident' && /板材|官亭火灾/u.test(title));
    expect(fire[0]?.site).toBe('bbs');
    expect(new Set(fire.map(({ site }) => site)).size).toBeGreaterThanOrEqual(10);
    expect(Math.max(...[...Map.groupBy(fire, textOf).values()].map((group) => group.length))).toBeGreaterThanOrEqual(5);
    expect(assess(fire[0] as Publication).level).toBe('III');
    expect(assess(fire.at(-1) as Publication).level).toBe('II');
  });

  it('fewer than 2 % of the rest have a level', () => {
    const rest = day.filter(({ role }) => role !== 'incident');
    const levelled = rest.filter((one) => assess(one).level !== 'none');
    expect(rest.length).toBeGreaterThan(300);
    expect(levelled.length / rest.length, levelled.map(({ title }) => title).join('\n')).toBeLessThan(0.02);
  });
});

describe('what must not be stored', () => {
  const prepared = story.map((one) =>
    prepareItem(
      {
        url: `http://127.0.0.1/${one.site}/${one.id}.html`,
        externalId: null,
        title: one.title,
        text: one.paragraphs.join('\n'),
        publishedAt: null,
      },
      { sourceId: 1, authorKind: 'unknown' },
    ),
  );

  it('is there: every kind of it', () => {
    const all = prepared.map(({ title, text }) => `${title}\n${text}`).join('\n');
    for (const mark of ['手机号', '身份证号', '银行卡号', '车牌号', '邮箱', '门牌号']) expect(all).toContain(`〔${mark}〕`);
  });

  it('does not survive preparing an item', () => {
    const all = prepared.map(({ title, text }) => `${title}\n${text}`).join('\n');
    expect(all).not.toMatch(/1[3-9]\d{9}|1[3-9]\d[- ]\d{4}[- ]\d{4}/u);
    expect(all).not.toMatch(/\d{15,}|@|冀E|单元/u);
  });
});

function textOf({ title, paragraphs }: Publication): string {
  return [title, ...paragraphs].join('\n');
}
