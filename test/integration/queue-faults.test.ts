import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type BackendOptions, createBus } from '@guanlan/queue';
import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, it, vi } from 'vitest';
import { message, queueContracts } from '../support/queue-fixture.ts';
import { depthOfSingle, inbox, onEachBackend, untilIdle } from '../support/queue-harness.ts';

onEachBackend('bus through faults', (harness) => {
  const freshBus = () => harness.freshBus();

  it('runs the message of a killed process again elsewhere', async () => {
    const bus = freshBus();
    await bus.start();
    const victim = startVictim(harness.backend);
    try {
      await victim.says('ready');
      await bus.ring('single', message(1));
      await victim.says('took 1');
    } finally {
      victim.process.kill('SIGKILL');
    }
    const alpha = inbox();
    bus.subscribe('alpha', 'single', alpha.handler);
    await alpha.has(1, 15_000);
    expect(alpha.seen[0]).toMatchObject({ attempt: 1, payload: message(1) });
    await untilIdle(bus);
  });

  it.each(['fast', 'kill'] as const)('fails fast while the server is gone (%s) and goes on by itself when it is back', async (how) => {
    const bus = freshBus();
    const alpha = inbox();
    bus.subscribe('alpha', 'single', alpha.handler);
    bus.subscribe('alpha', 'fan', async () => {});
    await bus.start();
    await bus.ring('single', message(1));
    await alpha.has(1);
    await untilIdle(bus);
    const errors = vi.spyOn(harness.logger, 'error').mockClear();
    const infos = vi.spyOn(harness.logger, 'info').mockClear();

    await harness.server.stop(how);
    await expect(bus.ring('single', message(2))).rejects.toMatchObject({ code: 'queue-unavailable' });
    await expect(bus.ring('single', message(2))).rejects.toMatchObject({ code: 'queue-unavailable' });
    expect(await bus.health()).toMatchObject({ ok: false });
    expect(errors).toHaveBeenCalledTimes(1);
    await harness.server.start();
    await vi.waitFor(() => bus.ring('single', message(3)), 10_000);
    await vi.waitFor(() => expect(alpha.numbers()).toContain(3), 10_000);
    // Commits of the queue are not waited for: a server killed within a second of the first message's end may have forgotten that
    // it ended, and then it comes once more (at least once). Stopped in order, it forgets nothing.
    const delivered = alpha.numbers();
    expect(how === 'kill' ? [...new Set(delivered)] : delivered).toEqual([1, 3]);
    expect(delivered.length).toBeLessThanOrEqual(3);
    expect(errors).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => expect(infos).toHaveBeenCalledTimes(1), 5_000);
    expect(await bus.health()).toMatchObject({ ok: true });
  });

  it('finishes what is in hand across an outage', async () => {
    const bus = freshBus();
    let restarted: Promise<void> | undefined;
    const alpha = inbox(async () => {
      if (restarted) return;
      await harness.server.stop();
      restarted = harness.server.start();
    });
    bus.subscribe('alpha', 'single', alpha.handler);
    await bus.start();
    await bus.ring('single', message(1));
    await alpha.has(1);
    await vi.waitFor(() => expect(restarted).toBeDefined());
    await restarted;
    await vi.waitFor(() => bus.ring('single', message(2)), 10_000);
    await vi.waitFor(() => expect(alpha.numbers()).toContain(2), 12_000);
    await vi.waitFor(async () => expect(await depthOfSingle(bus)).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0 }), 12_000);
  });

  it('closes in bounded time while the server is gone', async () => {
    const bus = freshBus();
    bus.subscribe('alpha', 'single', async () => {});
    await bus.start();
    await harness.server.stop();
    try {
      await bus.close(200);
    } finally {
      await harness.server.start();
    }
  });

  it('says that the server is not there when it starts', async () => {
    freshBus();
    await harness.server.stop();
    const bus = createBus({ backend: harness.backend, logger: harness.logger, pipeline: queueContracts, startTimeoutMs: 300 });
    await expect(bus.start()).rejects.toMatchObject({ code: 'queue-unavailable' });
    await harness.server.start();
    await bus.start();
    await bus.ring('single', message(1));
    await bus.close();
  });

  it('holds few connections: all queues and workers share them', async () => {
    const bus = freshBus();
    bus.subscribe('alpha', 'fan', async () => {});
    bus.subscribe('beta', 'fan', async () => {});
    bus.subscribe('alpha', 'single', async () => {});
    await bus.start();
    await bus.ringMany('fan', [message(1), message(2), message(3)]);
    await untilIdle(bus);
    // PostgreSQL: 4 for queries and 1 that listens. Redis: rings, workers, and one blocking per worker.
    expect(await countConnections(harness.backend)).toBeLessThanOrEqual(5);
  });
});

function startVictim(backend: BackendOptions): { process: ChildProcess; says(line: string): Promise<void> } {
  const script = fileURLToPath(new URL('../support/queue-victim.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify({ backend })], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const said = new Set<string>();
  lines.on('line', (line) => said.add(line));
  return {
    process: child,
    async says(line) {
      while (!said.has(line)) await once(lines, 'line');
    },
  };
}

async function countConnections(backend: BackendOptions): Promise<number> {
  if (backend.kind === 'redis') {
    const client = new Redis(backend.url);
    const list = String(await client.client('LIST'));
    client.disconnect();
    return list.trim().split('\n').length - 1;
  }
  const client = new pg.Client({ connectionString: backend.connectionString });
  await client.connect();
  const { rows } = await client.query("select count(*)::int as n from pg_stat_activity where application_name = 'guanlan-queue'");
  await client.end();
  return (rows as { n: number }[])[0]?.n ?? 0;
}
