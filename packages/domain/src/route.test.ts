import { describe, expect, test } from 'vitest';
import { findRoute, holdOf, type RouteFacts, type RouteNode } from './route.ts';

const at = (text: string) => new Date(`${text}+08:00`);
const node = (id: number, more: Partial<RouteNode> = {}): RouteNode => ({
  ...{ id, parentId: null, position: id, name: `路由${id}`, minRank: 1, categories: [], places: [], groups: [], days: 'any' },
  ...{ fromMinute: null, toMinute: null, channelIds: [id], receiverIds: [], onDuty: false, quiet: null, digest: null },
  ...more,
});
const facts = (more: Partial<RouteFacts> = {}): RouteFacts => ({
  ...{
    rank: 2,
    categories: ['food'],
    places: ['某县', '城关镇'],
    groups: ['individual'],
    at: at('2026-11-25T10:00:00'),
    dayKind: 'workday',
  },
  ...more,
});
const found = (nodes: RouteNode[], more: Partial<RouteFacts> = {}) => findRoute(nodes, facts(more))?.id ?? null;

describe('a node takes', () => {
  test.each<[string, Partial<RouteNode>, Partial<RouteFacts>, boolean]>([
    ['a level from its least on', { minRank: 3 }, { rank: 3 }, true],
    ['no lower level', { minRank: 3 }, { rank: 2 }, false],
    ['one of its categories', { categories: ['traffic', 'food'] }, {}, true],
    ['no other category', { categories: ['traffic'] }, {}, false],
    ['one of its places', { places: ['城关镇'] }, {}, true],
    ['no other place', { places: ['官亭镇'] }, {}, false],
    ['one of its kinds of source', { groups: ['media', 'individual'] }, {}, true],
    ['no other kind of source', { groups: ['media'] }, {}, false],
    ['its kind of day', { days: 'rest' }, { dayKind: 'rest' }, true],
    ['no other kind of day', { days: 'rest' }, {}, false],
    ['its hours', { fromMinute: 480, toMinute: 1_080 }, {}, true],
    ['not after them', { fromMinute: 480, toMinute: 600 }, {}, false],
    ['hours over midnight', { fromMinute: 1_320, toMinute: 420 }, { at: at('2026-12-31T23:30:00') }, true],
    ['hours over midnight, after it', { fromMinute: 1_320, toMinute: 420 }, { at: at('2027-01-01T06:59:59') }, true],
    ['not outside them', { fromMinute: 1_320, toMinute: 420 }, { at: at('2027-01-01T07:00:00') }, false],
  ])('%s', (_name, given, more, expected) => expect(found([node(1, given)], more)).toBe(expected ? 1 : null));
});

describe('the tree', () => {
  const nodes = [
    node(9, { position: 1000 }),
    node(1, { position: 10, categories: ['food'], quiet: { fromMinute: 1, toMinute: 2, floorRank: 3 } }),
    node(2, { position: 20, parentId: 1, minRank: 3, channelIds: [] }),
    node(3, { position: 10, parentId: 1, minRank: 4, channelIds: [33] }),
    node(4, { position: 10, parentId: 3, places: ['城关镇'], channelIds: [], onDuty: true }),
  ];

  test('descends to the deepest node that takes it, siblings by position', () => {
    expect(found(nodes, { categories: ['traffic'] })).toBe(9);
    expect(found(nodes)).toBe(1);
    expect(found(nodes, { rank: 3 })).toBe(2);
    expect(found(nodes, { rank: 4 })).toBe(4);
    expect(found(nodes, { rank: 4, places: ['别处'] })).toBe(3);
  });

  test('a node inherits whom to tell and when, where it says nothing itself', () => {
    expect(findRoute(nodes, facts({ rank: 3 }))).toMatchObject({ channelIds: [1], quiet: { floorRank: 3 } });
    expect(findRoute(nodes, facts({ rank: 4 }))).toMatchObject({ channelIds: [], onDuty: true, quiet: { floorRank: 3 } });
  });
});

describe('a hold', () => {
  const quiet = { fromMinute: 1_320, toMinute: 420, floorRank: 3 };
  const digest = { maxRank: 1, atMinutes: [540, 1_020] };

  test.each([
    ['nothing by day', { quiet, digest: null }, 2, '2026-11-25T12:00:00', null],
    ['what is below the floor, until morning', { quiet, digest: null }, 2, '2026-12-31T23:00:00', '2027-01-01T07:00:00'],
    ['after midnight, until the same morning', { quiet, digest: null }, 2, '2027-01-01T01:00:00', '2027-01-01T07:00:00'],
    ['nothing from the floor on', { quiet, digest: null }, 3, '2026-11-25T23:00:00', null],
    ['never level I', { quiet: { ...quiet, floorRank: 5 }, digest: { ...digest, maxRank: 4 } }, 4, '2026-11-25T23:00:00', null],
    ['a low level, until the next digest', { quiet: null, digest }, 1, '2026-11-25T10:00:00', '2026-11-25T17:00:00'],
    ['at a digest, until the one after it', { quiet: null, digest }, 1, '2026-11-25T17:00:00', '2026-11-26T09:00:00'],
    ['not a higher level', { quiet: null, digest }, 2, '2026-11-25T10:00:00', null],
    ['the later of both', { quiet, digest }, 1, '2026-11-25T23:00:00', '2026-11-26T09:00:00'],
  ])('%s', (_name, given, rank, now, until) =>
    expect(holdOf(given, rank, at(now))?.until ?? null).toEqual(until === null ? null : at(until)),
  );
});
