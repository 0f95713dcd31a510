import type { AlertPage, AlertView } from '@guanlan/contracts';
import { type InfiniteData, QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { ApiError } from './client.ts';
import { alertsQuery, type DeskFilter, openCases, patchAlert, worthRetrying } from './queries.ts';

const at = '2026-11-23T03:00:00.000Z';

function alert(id: number, change: Partial<AlertView> = {}): AlertView {
  return {
    ...{
      id,
      eventId: id,
      state: 'firing',
      level: 'III',
      title: `事件${id}`,
      categories: ['food'],
      places: [],
      evidence: [],
      departments: [],
      proposal: { level: 'III', raisedBy: [], version: null },
      confirmed: null,
    },
    ...{ outcome: null, itemCount: 1, sourceCount: 1, firstSeenAt: at, lastSeenAt: at, openedAt: at, updatedAt: at, closedAt: null },
    ...{ department: null, answer: null, deadlines: [], pausedUntil: null, drill: false },
    ...change,
  };
}

/** A client that holds one list, and the ids in it after a change. */
function held(filter: DeskFilter, ...pages: number[][]) {
  const client = new QueryClient();
  const { queryKey } = alertsQuery(filter);
  client.setQueryData<InfiniteData<AlertPage, number | null>>(queryKey, {
    pages: pages.map((ids) => ({ rows: ids.map((id) => alert(id)), next: null })),
    pageParams: pages.map(() => null),
  });
  return {
    after: (change: AlertView) => {
      patchAlert(client, change);
      return client.getQueryData(queryKey)?.pages.map((page) => page.rows.map((row) => row.id));
    },
    state: () => client.getQueryData(queryKey)?.pages.flatMap((page) => page.rows.map((row) => row.state)),
    next: () => client.getQueryData(queryKey)?.pages[0]?.next,
  };
}

describe('patchAlert', () => {
  it('puts a new alert on the first page, and only there', () => {
    expect(held(openCases, [5, 4], [2, 1]).after(alert(9))).toEqual([
      [9, 5, 4],
      [2, 1],
    ]);
  });

  it('changes one that is on a later page where it stands', () => {
    const list = held(openCases, [5, 4], [2, 1]);
    expect(list.after(alert(2, { state: 'acknowledged', updatedAt: '2026-11-23T03:01:00.000Z' }))).toEqual([
      [5, 4],
      [2, 1],
    ]);
    expect(list.state()).toEqual(['firing', 'firing', 'acknowledged', 'firing']);
  });

  it('leaves out what the filter does not ask for', () => {
    expect(held({ ...openCases, level: 'II' }, [5]).after(alert(9))).toEqual([[5]]);
    expect(held({ ...openCases, category: 'fraud' }, [5]).after(alert(9))).toEqual([[5]]);
    expect(held({ ...openCases, open: false }, [5]).after(alert(9))).toEqual([[5]]);
    expect(held({ ...openCases, open: false }, [5]).after(alert(9, { state: 'closed' }))).toEqual([[9, 5]]);
    expect(held({ open: true, level: 'IV', category: 'food' }, [5]).after(alert(9))).toEqual([[9, 5]]);
  });

  it('keeps a desk that is open for days from growing without end', () => {
    const ids = Array.from({ length: 400 }, (_, index) => 400 - index);
    const list = held(openCases, ids);
    const pages = list.after(alert(401));
    expect(pages?.map((page) => page.length)).toEqual([200]);
    expect(pages?.[0]?.[0]).toBe(401);
    expect(list.next()).toBe(202);
  });
});

describe('worthRetrying', () => {
  it('tries again twice after what may pass, and never after a refusal', () => {
    const down = new ApiError(503, 'database-unavailable', '数据库暂不可用');
    expect([0, 1, 2].map((failures) => worthRetrying(failures, down))).toEqual([true, true, false]);
    expect(worthRetrying(0, new ApiError(0, 'unreachable', ''))).toBe(true);
    expect(worthRetrying(0, new ApiError(403, 'forbidden', ''))).toBe(false);
    expect(worthRetrying(0, new TypeError('bug'))).toBe(false);
  });
});
