import { signWebhook } from '@guanlan/channels';
import type { AlertMessage } from '@guanlan/domain';
import { createLogger, manualClock } from '@guanlan/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDemoCounty, type DemoCounty } from './county.ts';

const clock = manualClock(new Date('2026-11-23T01:00:00Z'));
const message: AlertMessage = {
  idempotencyKey: 'alert-1-1-opened-2',
  alertId: 1,
  eventId: 1,
  level: 'III',
  title: '某厂 <着火>',
  reason: '新预警：建议III级，事故灾难',
  categories: ['accident'],
  places: ['巨鹿县'],
  departments: ['应急管理局'],
  itemCount: 1,
  sourceCount: 1,
  firstSeenAt: clock.now().toISOString(),
  evidence: [],
  items: [],
  link: null,
};
let county: DemoCounty;
let lines: string[];

beforeEach(async () => {
  lines = [];
  county = createDemoCounty({ clock, port: 0, onAlert: (line) => lines.push(line) });
  await county.start({ logger: createLogger({ level: 'silent' }) });
});
afterEach(() => county.stop());

function send(body: string, change: { secret?: string; key?: string; secondsAgo?: number } = {}) {
  const { url, secret } = county.receiver();
  const timestamp = String(Math.floor(clock.now().getTime() / 1_000) - (change.secondsAgo ?? 0));
  const headers = {
    'x-guanlan-timestamp': timestamp,
    'x-guanlan-signature': signWebhook(change.secret ?? secret, timestamp, body),
    ...(change.key === '' ? {} : { 'idempotency-key': change.key ?? message.idempotencyKey }),
  };
  return fetch(url, { method: 'POST', headers, body });
}

describe('the receiver', () => {
  it('takes an alert once, says it in one line and shows it on the front page', async () => {
    expect((await send(JSON.stringify(message))).status).toBe(200);
    expect(await (await send(JSON.stringify(message))).json()).toEqual({ received: true, repeated: true });
    expect(lines).toEqual(['【建议III级】某厂 <着火>（新预警：建议III级，事故灾难）']);
    expect(county.stats().alerts).toEqual({ received: 1, repeated: 1, refused: 0 });
    const page = await (await fetch(county.origin)).text();
    expect(page).toContain('某厂 &#60;着火&#62;');
    expect(page).toContain('收到的预警（1）');
    expect(page).toContain('观澜演示数据');
  });

  it('refuses who does not hold the secret, and what is old', async () => {
    expect((await send(JSON.stringify(message), { secret: 'guess' })).status).toBe(401);
    expect((await send(JSON.stringify(message), { secondsAgo: 301 })).status).toBe(401);
    expect((await fetch(county.receiver().url, { method: 'POST', body: '{}' })).status).toBe(401);
    expect(county.stats().alerts).toEqual({ received: 0, repeated: 0, refused: 3 });
    expect(lines).toEqual([]);
  });

  it('refuses what is no alert', async () => {
    expect((await send(JSON.stringify(message), { key: '' })).status).toBe(400);
    expect((await send('null', { key: 'a' })).status).toBe(400);
    expect((await send('{', { key: 'b' })).status).toBe(400);
    expect((await send('x'.repeat(1_048_577), { key: 'c' })).status).toBe(413);
    expect((await fetch(county.receiver().url, { method: 'DELETE' })).status).toBe(405);
    expect(lines).toEqual([]);
  });
});
