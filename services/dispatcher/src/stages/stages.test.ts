import type { ChannelRow, Decision, Inhibition, Route, Silence, Story } from '@guanlan/database';
import { type CategoryId, type Level, levelRank, type SourceGroup } from '@guanlan/domain';
import { loadAlertPolicy } from '@guanlan/runtime';
import { describe, expect, test } from 'vitest';
import { type Candidate, type Context, emptyPlan, type People } from '../candidate.ts';
import { changeOf, reasonOf } from '../change.ts';
import { runStages } from '../decide.ts';
import { dedup } from './dedup.ts';
import { group } from './group.ts';
import { inhibit } from './inhibit.ts';
import { route } from './route.ts';
import { silence } from './silence.ts';

const now = new Date('2026-11-23T11:00:00+08:00');

const policy = await loadAlertPolicy();
const rule: Inhibition = { id: 1, minRank: 3, minutes: 120, categories: [], reason: '同一地点、同一类别' };
const standing = (id: number, rank: number, untold: boolean): NonNullable<Decision['alert']> => ({
  ...{ id, rank, confirmedRank: null, untold, toldItems: 1, toldGroups: ['individual'] },
});

interface Given {
  items?: number;
  groups?: SourceGroup[];
  since?: Decision['since'];
  level?: Level;
  categories?: CategoryId[];
  places?: string[];
  alert?: Decision['alert'];
  closed?: Level;
  relevant?: boolean;
  /** Names of units that reported it. */
  reports?: string[];
}

function decision(given: Given = {}, eventId = 1): Decision {
  const { level = 'III', alert = null, closed = 'none', relevant = true, items = 1, groups = ['individual'], reports = [] } = given;
  return {
    ...{ eventId, title: '标题', rank: levelRank(level), relevant, itemCount: items, firstSeenAt: now, groups, drillId: null },
    ...{ alert, closedRank: levelRank(closed), since: given.since ?? { items: 0, sources: 0 } },
    reports: reports.map((unit, n) => ({ reportId: n + 1, receipt: `ZB20261123-000${n + 1}-0`, unit })),
  };
}

function candidate(given: Given = {}, eventId = 1): Candidate {
  const { categories = ['food'], places = ['某县', '城关镇'] } = given;
  const d = decision(given, eventId);
  const story: Story = { categories, places, sourceCount: 1, evidence: [], items: [] };
  return {
    decision: d,
    proposal: null,
    change: changeOf(d, policy),
    alertId: d.alert?.id ?? 100 + eventId,
    story,
    route: null,
    targets: [],
    muted: null,
  };
}

interface Around extends Partial<Omit<Context, 'people'>>, Partial<Pick<People, 'routes' | 'channels' | 'receivers'>> {}

function context(candidates: Candidate[], { routes = [], channels = [], receivers = [], ...more }: Around = {}): Context {
  const people: People = { routes, channels, receivers, roster: { patterns: [], swaps: [], dayKind: () => 'workday' } };
  return { now, publicUrl: null, policy, people, silences: [], inhibitions: [rule], inhibitors: [], candidates, plan: emptyPlan, ...more };
}

const channel = (id: number): ChannelRow => ({
  ...{ id, kind: 'log', name: `渠道${id}`, options: {}, allowPrivate: false, createdAt: now, fallbackId: null, downSince: null },
});
let places = 0;
const routeTo = (channelIds: number[], more: Partial<Route> = {}): Route => {
  places += 1;
  return {
    ...{ id: places, parentId: null, position: places, name: '默认路由', minRank: 1, categories: [], places: [], groups: [], days: 'any' },
    ...{ fromMinute: null, toMinute: null, channelIds, receiverIds: [], onDuty: false, quiet: null, digest: null },
    ...more,
  };
};
const muted = (result: Context) => result.candidates.map((c) => c.muted?.kind ?? null);

describe('change', () => {
  test.each<[Given, ReturnType<typeof changeOf>]>([
    [{}, 'opened'],
    [{ level: 'none' }, null],
    [{ relevant: false }, null],
    [{ level: 'III', alert: standing(7, 2, false) }, null],
    [{ level: 'IV', alert: standing(7, 2, false) }, null],
    [{ level: 'III', alert: standing(7, 2, true) }, 'told-late'],
    [{ level: 'II', alert: standing(7, 2, true) }, 'raised'],
    [{ level: 'II', alert: standing(7, 2, false) }, 'raised'],
    [{ level: 'II', alert: standing(7, 2, false), closed: 'I' }, 'raised'],
    [{ level: 'III', closed: 'III' }, null],
    [{ level: 'II', closed: 'III' }, 'reopened'],
    [{ level: 'IV', reports: ['某村'] }, 'opened'],
    [{ level: 'III', alert: standing(7, 2, false), reports: ['某村'] }, 'reported'],
    [{ level: 'II', alert: standing(7, 2, false), reports: ['某村'] }, 'raised'],
    [{ level: 'IV', closed: 'II', reports: ['某村'] }, 'reopened'],
    [{ closed: 'III', since: { items: 10, sources: 3 } }, 'wave'],
    [{ closed: 'III', since: { items: 10, sources: 2 } }, null],
    [{ closed: 'III', since: { items: 9, sources: 9 } }, null],
    [{ groups: ['individual', 'media'], alert: standing(7, 2, false) }, 'spread'],
    [{ groups: ['individual', 'web'], alert: standing(7, 2, false) }, null],
    [{ groups: ['individual', 'media'], level: 'II', alert: standing(7, 2, false) }, 'raised'],
    [{ items: 11, alert: standing(7, 2, false) }, 'surged'],
    [{ items: 10, alert: standing(7, 2, false) }, null],
    [{ items: 19, alert: { ...standing(7, 2, false), toldItems: 4 } }, null],
    [{ items: 20, alert: { ...standing(7, 2, false), toldItems: 4 } }, 'surged'],
  ])('%j is %s', (given, change) => expect(changeOf(decision(given), policy)).toBe(change));

  test('is told in words', () => {
    const { story } = candidate({ categories: ['food', 'school'], places: [] });
    expect(reasonOf('opened', decision({ level: 'I' }), story)).toBe('新预警：建议I级，食品药品安全、教育校园');
    expect(reasonOf('raised', decision({ level: 'II', alert: standing(7, 2, false) }), story)).toBe('建议由III级升为II级');
    const confirmed = (rank: number) => decision({ level: 'II', alert: { ...standing(7, 2, false), confirmedRank: rank } });
    expect(reasonOf('raised', confirmed(1), story)).toBe('建议由III级升为II级（现核定IV级，请重新核定）');
    expect(reasonOf('raised', confirmed(4), story)).toBe('建议由III级升为II级（现核定I级）');
    expect(reasonOf('reopened', decision({ level: 'II', closed: 'IV' }), story)).toBe('办结后再次发现，建议由IV级升为II级');
    const reported = { level: 'IV', reports: ['某村', '某镇', '某村'] } as const satisfies Given;
    expect(reasonOf('opened', decision({ ...reported, reports: [...reported.reports] }), story)).toContain('（直报：某村、某镇）');
    expect(reasonOf('opened', decision({ level: 'IV', reports: ['某村'] }), { ...story, categories: [] })).toBe(
      '直报：某村。没有规则命中，请人工研判',
    );
    expect(reasonOf('reopened', decision({ level: 'IV', closed: 'II', reports: ['某村'] }), story)).toBe('办结后又收到直报：某村');
  });
});

describe('route', () => {
  const channels = [channel(1), channel(2)];

  test('the first that takes level and category decides', () => {
    const routes = [routeTo([1], { minRank: 3 }), routeTo([2], { categories: ['traffic'] }), routeTo([1, 2])];
    const told = [candidate({ level: 'I' }), candidate({ categories: ['food', 'traffic'] }), candidate({})];
    const result = route(context(told, { routes, channels }));
    expect(result.candidates.map((c) => c.targets.map((target) => target.channel.id))).toEqual([[1], [2], [1, 2]]);
  });

  test('says that nobody is told, and how to mend it', () => {
    expect(route(context([candidate()], { channels })).candidates[0]?.muted?.reason).toContain('没有路由');
    expect(route(context([candidate()], { routes: [routeTo([])] })).candidates[0]?.muted?.reason).toContain('channel add');
    expect(route(context([candidate()], { routes: [routeTo([9])], channels })).candidates[0]?.muted?.reason).toContain('渠道1、渠道2');
  });
});

test('group: the most urgent first, and none lost', () => {
  const told = [candidate({ level: 'IV' }, 1), candidate({ level: 'I' }, 2), candidate({ level: 'III' }, 3), candidate({ level: 'I' }, 4)];
  expect(group(context(told)).candidates.map((c) => c.decision.eventId)).toEqual([2, 4, 3, 1]);
});

describe('inhibit', () => {
  const by = (rank: number, category: CategoryId, places = ['某县', '城关镇']) =>
    places.map((place) => ({ alertId: 5, rank, confirmed: false, category, place, openedAt: now }));

  test.each<[string, Given, ReturnType<typeof by>, boolean]>([
    ['a lower one of the same category and place', { level: 'III' }, by(3, 'food'), true],
    ['one that shares one of several categories', { level: 'III', categories: ['traffic', 'food'] }, by(3, 'food'), true],
    ['not one that names another place beside', { places: ['某县', '河东乡', '城关镇'] }, by(3, 'food'), false],
    ['not one that names the county alone', { places: ['某县'] }, by(3, 'food', ['某县']), false],
    ['not one of the same level', { level: 'II' }, by(3, 'food'), false],
    ['not one of a higher level', { level: 'I' }, by(3, 'food'), false],
    ['not another category', { categories: ['traffic'] }, by(3, 'food'), false],
    ['not another place', { places: ['某县', '河东乡'] }, by(3, 'food'), false],
    ['not one without a place', { places: [] }, by(3, 'food'), false],
    ['not the alert itself', { level: 'II', alert: standing(5, 2, false) }, by(4, 'food'), false],
  ])('%s', (_name, given, inhibitors, expected) => {
    expect(muted(inhibit(context([candidate(given)], { inhibitors })))).toEqual([expected ? 'suppressed' : null]);
  });

  test('two alerts that share one place each do not make one that shares both', () => {
    const inhibitors = [
      { alertId: 5, rank: 3, confirmed: false, category: 'food' as const, place: '某县', openedAt: now },
      { alertId: 6, rank: 3, confirmed: false, category: 'food' as const, place: '城关镇', openedAt: now },
    ];
    expect(muted(inhibit(context([candidate({ level: 'III' })], { inhibitors })))).toEqual([null]);
  });

  test('a severe one of the same batch, but not a middling one, and not one that changes nothing', () => {
    expect(muted(inhibit(context([candidate({ level: 'II' }, 1), candidate({ level: 'III' }, 2)])))).toEqual([null, 'suppressed']);
    expect(muted(inhibit(context([candidate({ level: 'III' }, 1), candidate({ level: 'IV' }, 2)])))).toEqual([null, null]);
    const known = candidate({ level: 'II', alert: standing(9, 3, false) }, 1);
    expect(muted(inhibit(context([known, candidate({ level: 'III' }, 2)])))).toEqual([null, null]);
  });
});

describe('silence', () => {
  const of = (maxRank: number, categories: CategoryId[]): Silence => ({
    id: 1,
    maxRank,
    categories,
    places: [],
    endsAt: now,
    reason: '演练',
  });

  test.each<[string, Given, Silence, boolean]>([
    ['every category', {}, of(3, []), true],
    ['its own category', {}, of(3, ['food']), true],
    ['not a wider event', { categories: ['food', 'school'] }, of(3, ['food']), false],
    ['not another category', { categories: ['school'] }, of(3, ['food']), false],
    ['not an event without a category, unless it covers all', { categories: [] }, of(3, ['food']), false],
    ['not above its level', { level: 'II' }, of(2, []), false],
    ['never level I', { level: 'I' }, of(3, []), false],
  ])('%s', (_name, given, by, expected) => {
    const result = silence(context([candidate(given)], { silences: [by] }));
    expect(muted(result)).toEqual([expected ? 'silenced' : null]);
    if (expected) expect(result.candidates[0]?.muted?.reason).toBe('静默至 2026-11-23 11:00：演练');
  });
});

test('dedup: only what is new goes on', () => {
  expect(muted(dedup(context([candidate(), candidate({ alert: standing(7, 2, false) })])))).toEqual([null, 'suppressed']);
});

describe('all stages', () => {
  const more = { routes: [routeTo([1, 2])], channels: [channel(1), channel(2)], publicUrl: 'https://guanlan.example' };

  test('what is new is written and told once for each channel; what is not only stops waiting', () => {
    const raised = candidate({ level: 'II', alert: standing(7, 2, false) }, 1);
    const { plan } = runStages(context([raised, candidate({ places: [] }, 2), candidate({ alert: standing(8, 2, false) }, 3)], more));
    expect(plan.decided.toSorted()).toEqual([1, 2, 3]);
    expect(plan.raised).toEqual([{ alertId: 7, rank: 3, raisedBy: [], version: null }]);
    expect(plan.opened).toEqual([{ alertId: 102, eventId: 2, rank: 2, drillId: null, raisedBy: [], version: null }]);
    expect(plan.entries.map((e) => [e.alertId, e.kind])).toEqual([
      [7, 'level-raised'],
      [102, 'opened'],
    ]);
    expect(plan.notifications.map((n) => n.idempotencyKey)).toEqual([
      'alert-7-1-raised-3',
      'alert-7-2-raised-3',
      'alert-102-1-opened-2',
      'alert-102-2-opened-2',
    ]);
    expect(plan.notifications[0]?.message).toMatchObject({ departments: ['市场监督管理局'], link: 'https://guanlan.example/alerts/7' });
  });

  test('a muted alert is opened all the same, with the reason beside it', () => {
    const silences: Silence[] = [{ id: 1, maxRank: 3, categories: [], places: [], endsAt: now, reason: '演练' }];
    const { plan } = runStages(context([candidate()], { ...more, silences }));
    expect(plan.opened).toHaveLength(1);
    expect(plan.notifications).toEqual([]);
    expect(plan.entries.map((e) => e.kind)).toEqual(['opened', 'silenced']);
  });
});
