import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { addChannel } from '@guanlan/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, seedAlert, startApi } from '../support/api-harness.ts';

describe('the server around the API', () => {
  let api: ApiHarness;
  let consoleDir: string;
  beforeAll(async () => {
    consoleDir = await mkdtemp(path.join(os.tmpdir(), 'guanlan-console-'));
    await mkdir(path.join(consoleDir, 'assets'));
    await writeFile(path.join(consoleDir, 'index.html'), '<!doctype html><title>观澜</title>');
    await writeFile(path.join(consoleDir, 'assets', 'index-abc123.js'), 'export {};');
    await writeFile(path.join(consoleDir, '.stamp'), 'secret');
    api = await startApi({ consoleDir });
    await seedAlert(api.db, api.clock.now());
    for (const name of ['值班群', '备用群']) await addChannel(api.db, { kind: 'log', name, options: {}, allowPrivate: false });
    await api.db.updateTable('channel').set({ failures: 3, down_since: api.clock.now() }).where('name', '=', '备用群').execute();
  });
  afterAll(async () => {
    await api.stop();
    await rm(consoleDir, { recursive: true });
  });

  test('the OpenAPI 3.1 document describes every route, and every reference in it leads somewhere', async () => {
    const { body } = await api.ask('/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/session',
        '/api/v1/setup',
        '/api/v1/items/{id}',
        '/api/v1/alerts/{id}/close',
        '/api/v1/stream',
        '/api/v1/intake',
        '/api/v1/tally',
      ]),
    );
    for (const [where, methods] of Object.entries<
      Record<
        string,
        {
          responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
          parameters?: { in: string; name: string; required?: boolean }[];
        }
      >
    >(body.paths)) {
      for (const operation of Object.values(methods)) {
        expect(Object.keys(operation.responses).length, where).toBeGreaterThan(1);
        expect(operation.responses.default?.content?.['application/problem+json']?.schema, where).toBeTypeOf('object');
        const inPath = (operation.parameters ?? []).filter((p) => p.in === 'path');
        expect(inPath.map((p) => `{${p.name}}`).sort(), where).toEqual([...where.matchAll(/\{\w+\}/gu)].map((m) => m[0]).sort());
      }
    }
    for (const [, ref] of JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/gu)) {
      const target = ref?.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], body);
      expect(target, ref).toBeTypeOf('object');
    }
  });

  test('the metrics parse: each figure has help, a type and a unit or a count, and says what the rows say', async () => {
    const { body, headers } = await api.ask('/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    const lines = String(body).trim().split('\n');
    for (const line of lines)
      expect(line).toMatch(
        /^$|^# (?:HELP|TYPE) \S+ .+$|^[a-zA-Z_:][\w:]*(?:\{(?:\w+="(?:[^"\\]|\\.)*",?)*\})? (?:-?[\d.]+(?:e[+-]?\d+)?|NaN|[+-]Inf)$/u,
      );
    const names = new Set(
      lines.filter((l) => l.startsWith('guanlan_')).map((l) => l.replace(/[{ ].*$/u, '').replace(/_(?:bucket|sum|count)$/u, '')),
    );
    for (const name of names)
      expect(
        lines.some((l) => l.startsWith(`# HELP ${name} `)),
        name,
      ).toBe(true);
    expect([...names].sort()).toEqual([
      ...[
        'guanlan_alerts',
        'guanlan_channel_up',
        'guanlan_http_request_duration_seconds',
        'guanlan_items',
        'guanlan_items_pending',
        'guanlan_items_pending_oldest_age_seconds',
      ],
      ...['guanlan_part_up', 'guanlan_queue_jobs', 'guanlan_sources'],
    ]);
    const { count } = await api.db
      .selectFrom('item')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(lines).toContain(`guanlan_items ${count}`);
    expect(lines).toContain('guanlan_alerts{state="firing",level="II"} 1');
    expect(lines).toContain('guanlan_part_up{part="queue"} 1');
    expect(lines).toContain('guanlan_channel_up{channel="1",kind="log"} 1');
    expect(lines).toContain('guanlan_channel_up{channel="2",kind="log"} 0');
    expect(body).not.toContain('值班群');
  });

  test('health: lives always, is ready while the parts answer', async () => {
    expect((await api.ask('/healthz')).body).toEqual({ status: 'ok' });
    expect((await api.ask('/readyz')).body).toMatchObject({ status: 'ready', missing: [] });
    const half = await startApi({ readiness: async () => [{ name: 'classifier', ok: false, detail: '尚未启动' }] });
    expect((await half.ask('/readyz')).body).toMatchObject({ status: 'not ready', missing: ['classifier'] });
    await half.bus.close();
    const answer = await half.ask('/readyz');
    expect([answer.status, answer.body.missing]).toEqual([503, ['queue', 'classifier']]);
    expect((await half.ask('/healthz')).status).toBe(200);
    expect((await half.ask('/metrics')).body).toContain('guanlan_part_up{part="queue"} 0');
    await half.stop();
  });

  test('the console: pages route themselves, hashed files are kept for ever, nothing may frame or inject', async () => {
    const page = await api.ask('/alerts/3', { headers: { accept: 'text/html' } });
    expect(page.body).toContain('观澜');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect((await api.ask('/')).body).toContain('观澜');
    expect((await api.ask('/assets/index-abc123.js')).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await api.ask('/assets/gone.js', { headers: { accept: 'text/html' } })).status).toBe(404);
    expect((await api.ask('/.stamp')).status).toBe(404);
    expect((await api.ask('/..%2f..%2fetc%2fpasswd')).status).toBeGreaterThanOrEqual(400);
    expect((await api.ask('/api/v1/items')).headers.get('cache-control')).toBe('no-store');
  });
});

test('a port that is taken: the next free one, and the address says so', async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
  const { port } = squatter.address() as AddressInfo;
  const api = await startApi({ port });
  try {
    expect(api.api.address()).not.toBe(`http://127.0.0.1:${port}`);
    expect(Number(new URL(api.api.address()).port)).toBeGreaterThan(port);
    expect((await api.ask('/healthz')).status).toBe(200);
  } finally {
    await api.stop();
    squatter.close();
  }
});
