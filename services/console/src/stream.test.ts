import type { AlertView } from '@guanlan/contracts';
import { describe, expect, it } from 'vitest';
import { applyAlert, initialStream, listen, reduceStream, type StreamAction, type StreamPorts } from './stream.ts';

function alert(id: number, change: Partial<AlertView> = {}): AlertView {
  const at = '2026-11-23T03:00:00Z';
  return {
    id,
    eventId: id,
    state: 'firing',
    level: 'III',
    title: `事件${id}`,
    categories: ['accident'],
    places: [],
    evidence: [],
    departments: [],
    proposal: { level: 'III', raisedBy: [], version: null },
    confirmed: null,
    outcome: null,
    itemCount: 1,
    sourceCount: 1,
    firstSeenAt: at,
    lastSeenAt: at,
    openedAt: at,
    updatedAt: at,
    closedAt: null,
    ...{ department: null, answer: null, deadlines: [], pausedUntil: null, drill: false },
    ...change,
  };
}

const run = (...actions: StreamAction[]) => actions.reduce(reduceStream, initialStream);
const freshOf = (...actions: StreamAction[]) => [...run(...actions).fresh];

describe('reduceStream', () => {
  it('marks only what came after the first list', () => {
    const listed = { type: 'listed', ids: [3, 2] } as const;
    expect(freshOf(listed)).toEqual([]);
    expect(freshOf({ type: 'alert', alert: alert(3) })).toEqual([]);
    expect(freshOf(listed, { type: 'alert', alert: alert(3) })).toEqual([]);
    expect(freshOf(listed, { type: 'alert', alert: alert(4) }, { type: 'alert', alert: alert(4) })).toEqual([4]);
  });

  it('marks what a list brings after a lost connection', () => {
    expect(freshOf({ type: 'listed', ids: [3] }, { type: 'lost', at: 1 }, { type: 'opened' }, { type: 'listed', ids: [6, 5, 3] })).toEqual([
      6, 5,
    ]);
  });

  it('treats the first list as known even when it is empty', () => {
    expect(freshOf({ type: 'listed', ids: [] }, { type: 'alert', alert: alert(1) })).toEqual([1]);
  });

  it('drops the marker once the alert was opened here or taken on elsewhere', () => {
    const before: StreamAction[] = [
      { type: 'listed', ids: [] },
      { type: 'alert', alert: alert(1) },
    ];
    expect(freshOf(...before, { type: 'looked-at', id: 1 })).toEqual([]);
    expect(freshOf(...before, { type: 'alert', alert: alert(1, { state: 'acknowledged' }) })).toEqual([]);
  });

  it('remembers when the connection was first lost', () => {
    const lost = run({ type: 'opened' }, { type: 'lost', at: 10 }, { type: 'lost', at: 20 });
    expect(lost).toMatchObject({ connection: 'lost', lostAt: 10 });
    expect(reduceStream(lost, { type: 'opened' })).toMatchObject({ connection: 'live', lostAt: null });
  });
});

describe('applyAlert', () => {
  const rows = [alert(5), alert(2)];
  const ids = (list: readonly AlertView[]) => list.map((row) => row.id);

  it('puts a new alert where its id belongs', () => {
    expect(ids(applyAlert(rows, alert(9), true))).toEqual([9, 5, 2]);
    expect(ids(applyAlert(rows, alert(3), true))).toEqual([5, 3, 2]);
    expect(ids(applyAlert(rows, alert(1), true))).toEqual([5, 2, 1]);
    expect(applyAlert(rows, alert(9), false)).toBe(rows);
  });

  it('lets the later state win, whatever the order of arrival', () => {
    const later = alert(5, { state: 'acknowledged', updatedAt: '2026-11-23T03:05:00Z' });
    const updated = applyAlert(rows, later, false);
    expect(updated[0]?.state).toBe('acknowledged');
    expect(applyAlert(updated, alert(5), true)).toBe(updated);
  });
});

describe('listen', () => {
  it('opens a new stream, ever more slowly, when the browser has given up', () => {
    const opened: FakeSource[] = [];
    const waits: number[] = [];
    let pending: () => void = () => {};
    const ports: StreamPorts = {
      open: () => {
        const source = new FakeSource();
        opened.push(source);
        return source;
      },
      later: (again, ms) => {
        waits.push(ms);
        pending = again;
        return () => waits.push(-1);
      },
    };
    const seen: string[] = [];
    const stop = listen(
      {
        onOpen: () => seen.push('open'),
        onLost: () => seen.push('lost'),
        onAlert: (a) => seen.push(`alert ${a.id}`),
        onProgress: () => {},
      },
      ports,
    );

    opened[0]?.dispatchEvent(new Event('open'));
    opened[0]?.dispatchEvent(new MessageEvent('alert', { data: JSON.stringify(alert(7)) }));
    opened[0]?.dispatchEvent(new MessageEvent('alert', { data: 'not json' }));
    opened[0]?.dispatchEvent(new Event('error')); // cut: the browser itself reconnects
    expect(opened).toHaveLength(1);

    opened[0]?.giveUp();
    pending();
    opened[1]?.giveUp();
    pending();
    expect(waits).toEqual([1_000, 2_000]);
    opened[2]?.dispatchEvent(new Event('open'));
    opened[2]?.giveUp();
    expect(waits).toEqual([1_000, 2_000, 1_000]);
    expect(seen).toEqual(['open', 'alert 7', 'lost', 'lost', 'lost', 'open', 'lost']);

    stop();
    expect(waits.at(-1)).toBe(-1);
  });
});

class FakeSource extends EventTarget implements Pick<EventSource, 'close' | 'readyState'> {
  readyState = 1;

  close(): void {
    this.readyState = 2;
  }

  giveUp(): void {
    this.readyState = 2;
    this.dispatchEvent(new Event('error'));
  }
}
