import { acknowledgeAlert, createApiToken } from '@guanlan/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, seedAlert, setUp, startApi } from '../support/api-harness.ts';

interface StreamEvent {
  name: string;
  id: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server said, to be looked at by the test
  data: any;
}

/** Reads server-sent events; `until` resolves with the first one that fits, and gives up after 10 s. */
async function listen(api: ApiHarness, headers: Record<string, string>) {
  const gone = new AbortController();
  const response = await fetch(`${api.api.address()}/api/v1/stream`, { headers, signal: gone.signal });
  const events: StreamEvent[] = [];
  let ended = false;
  let wake = () => {};
  const read = async () => {
    let rest = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'mu').exec(block)?.[1] ?? null;
        const data = field('data');
        if (data !== null) events.push({ name: field('event') ?? '', id: field('id'), data: JSON.parse(data) });
      }
      wake();
    }
  };
  const reading = read()
    .catch(() => {})
    .finally(() => {
      ended = true;
      wake();
    });
  return {
    response,
    events,
    reading,
    until: async (fits: (event: StreamEvent) => boolean): Promise<StreamEvent> => {
      const late = AbortSignal.timeout(10_000);
      for (;;) {
        const found = events.find(fits);
        if (found) return found;
        if (ended || late.aborted) throw new Error(`no such event; heard ${JSON.stringify(events)}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, 500);
        });
      }
    },
    close: async () => {
      gone.abort();
      await reading;
    },
  };
}

describe('the stream', () => {
  let api: ApiHarness;
  let authorization: string;
  beforeAll(async () => {
    api = await startApi();
    authorization = `Bearer ${(await createApiToken(api.db, { name: '大屏', scopes: ['read'], now: api.clock.now() })).token}`;
  });
  afterAll(() => api.stop());

  test('tells the progress on connecting, then each alert as the list has it, and each change of it', async () => {
    const stream = await listen(api, { authorization });
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect((await stream.until((e) => e.name === 'progress')).data).toMatchObject({ items: { counted: 0, target: 2500 } });

    api.clock.advance(1_000);
    const { alertId } = await seedAlert(api.db, api.clock.now());
    const opened = await stream.until((e) => e.name === 'alert' && e.data.id === alertId);
    expect(opened.data).toMatchObject({ state: 'firing', level: 'II', title: '某小区起火', departments: ['应急管理局'] });
    const listed = await api.ask('/api/v1/alerts', { headers: { authorization } });
    expect(opened.data).toEqual(listed.body.rows[0]);
    expect((await stream.until((e) => e.name === 'progress' && e.data.items.counted === 1)).data.items.relevant).toBe(1);

    api.clock.advance(1_000);
    await acknowledgeAlert(api.db, alertId, { actor: '值班员', note: '', now: api.clock.now() });
    await stream.until((e) => e.name === 'alert' && e.data.state === 'acknowledged');
    expect(stream.events.filter((e) => e.name === 'alert').map((e) => e.data.state)).toEqual(['firing', 'acknowledged']);
    await stream.close();
  });

  test('a page that reconnects is told what it missed, even what is long past', async () => {
    const seen = api.clock.now().toISOString();
    api.clock.advance(3_600_000);
    const { alertId } = await seedAlert(api.db, api.clock.now(), '某路段起火');
    api.clock.advance(3_600_000);
    const stream = await listen(api, { authorization, 'last-event-id': seen });
    const missed = await stream.until((e) => e.name === 'alert' && e.data.id === alertId);
    expect(missed.id).toBe(missed.data.updatedAt);
    await stream.close();

    const strange = await listen(api, { authorization, 'last-event-id': "'; drop table alert --" });
    await strange.until((e) => e.name === 'progress');
    expect(strange.events.filter((e) => e.name === 'alert')).toEqual([]);
    await strange.close();
  });

  test('is closed to whoever is not signed in', async () => {
    expect((await api.ask('/api/v1/stream')).body).toMatchObject({ code: 'unauthenticated' });
  });

  test('an open page does not hold up the stop', async () => {
    const other = await startApi();
    const cookie = await setUp(other);
    const stream = await listen(other, { cookie });
    await stream.until((e) => e.name === 'progress');
    await other.stop();
    await stream.reading;
    expect(stream.events.length).toBeGreaterThan(0);
  });
});
