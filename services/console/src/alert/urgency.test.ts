import type { AlertView, DeadlineView } from '@guanlan/contracts';
import { describe, expect, it } from 'vitest';
import { byUrgency, clockState, nextClock } from './urgency.ts';

const now = new Date('2026-11-25T02:00:00Z');
const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString();
const clock = (due: number, more: Partial<DeadlineView> = {}): DeadlineView => ({
  ...{
    kind: 'verify',
    title: '核实',
    basis: '',
    startedAt: at(due - 60),
    warnAt: at(due - 15),
    dueAt: at(due),
    endedAt: null,
    state: 'running',
  },
  ...more,
});
const alert = (id: number, more: Partial<AlertView>): AlertView => ({
  ...{
    id,
    eventId: id,
    state: 'acknowledged',
    level: 'III',
    proposal: { level: 'III', raisedBy: [], version: null },
    confirmed: null,
    title: '',
    categories: [],
    places: [],
    evidence: [],
    departments: [],
    outcome: null,
  },
  ...{ itemCount: 1, sourceCount: 1, firstSeenAt: at(0), lastSeenAt: at(0), openedAt: at(0), updatedAt: at(0), closedAt: null },
  ...{ department: null, answer: null, deadlines: [], pausedUntil: null, drill: false },
  ...more,
});

describe('the order of the desk', () => {
  it('grave and unclaimed, then by the clock that ends first, then without a clock', () => {
    const rows = [
      alert(1, {}),
      alert(2, { deadlines: [clock(30)] }),
      alert(3, { deadlines: [clock(-10)] }),
      alert(4, { state: 'firing', level: 'I', deadlines: [clock(5)] }),
      alert(5, { deadlines: [clock(30)], level: 'II' }),
      alert(6, { state: 'firing', level: 'III', deadlines: [clock(20)] }),
      alert(7, { deadlines: [clock(1)], pausedUntil: at(60) }),
      alert(8, { deadlines: [clock(1, { endedAt: at(-1), state: 'met' })] }),
    ];
    expect(rows.toSorted(byUrgency(now)).map(({ id }) => id)).toEqual([4, 3, 6, 5, 2, 8, 7, 1]);
  });

  it('of several clocks the first that still runs', () => {
    expect(nextClock(alert(1, { deadlines: [clock(5, { endedAt: at(0), state: 'met' }), clock(40), clock(30)] }), now)?.dueAt).toBe(at(30));
  });
});

it('a clock ages in the page', () => {
  expect([clock(60), clock(15), clock(0)].map((one) => clockState(one, now))).toEqual(['running', 'warning', 'overdue']);
  expect(clockState(clock(0, { endedAt: at(-1), state: 'late' }), now)).toBe('late');
});
