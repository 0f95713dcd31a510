import { contract, pipeline } from '@guanlan/contracts';
import { GuanlanError } from '@guanlan/domain';
import { createBus } from '@guanlan/queue';
import { expect, it, vi } from 'vitest';
import { message, type QueuePayload, queueContracts } from '../support/queue-fixture.ts';
import { depthOfSingle, inbox, onEachBackend, type TestBus, untilIdle } from '../support/queue-harness.ts';

onEachBackend('bus', (harness) => {
  const { freshBus, busHere } = { freshBus: () => harness.freshBus(), busHere: () => harness.busHere() };
  const untilSingle = (bus: TestBus, depth: object) => vi.waitFor(async () => expect(await depthOfSingle(bus)).toMatchObject(depth), 5_000);

  it('delivers a ring to every consumer, and keeps nothing of it', async () => {
    const bus = freshBus();
    const alpha = inbox();
    const beta = inbox();
    bus.subscribe('alpha', 'fan', alpha.handler);
    bus.subscribe('beta', 'fan', beta.handler);
    await bus.start();
    await bus.ring('fan', message(1));
    await bus.ringMany('fan', [message(2), message(3)]);
    await alpha.has(3);
    await beta.has(3);
    expect(alpha.numbers()).toEqual([1, 2, 3]);
    expect(beta.numbers()).toEqual([1, 2, 3]);
    await untilIdle(bus);
    expect(await bus.deadLetters()).toEqual([]);
    expect(await bus.health()).toMatchObject({ ok: true, backend: harness.backend.kind });
  });

  it('keeps rings for a consumer that comes later, in another process or not', async () => {
    const producer = freshBus();
    await producer.start();
    await producer.ring('single', message(7));
    expect(await depthOfSingle(producer)).toMatchObject({ waiting: 1, consumer: 'alpha' });
    const consumer = busHere();
    await consumer.start();
    const alpha = inbox();
    consumer.subscribe('alpha', 'single', alpha.handler);
    await alpha.has(1);
    expect(alpha.numbers()).toEqual([7]);
  });

  it('runs as many handlers at once as asked', async () => {
    const bus = freshBus();
    let both: () => void = () => {};
    const together = new Promise<void>((resolve) => {
      both = resolve;
    });
    let inside = 0;
    let done = 0;
    bus.subscribe(
      'alpha',
      'single',
      async () => {
        inside++;
        if (inside === 2) both();
        await together;
        done++;
      },
      { concurrency: 2 },
    );
    await bus.start();
    await bus.ringMany('single', [message(1), message(2)]);
    await vi.waitFor(() => expect(done).toBe(2), 5_000);
  });

  it('refuses a payload against the contract when rung, and when one is found in the queue', async () => {
    const bus = freshBus();
    await bus.start();
    await expect(bus.ring('single', { notificationId: 'x' } as never)).rejects.toMatchObject({ code: 'bad-input' });
    expect(await depthOfSingle(bus)).toMatchObject({ waiting: 0 });

    const loose = { single: contract({ ...queueContracts.single, payload: pipeline['source.due'].payload }) };
    const older = createBus({ backend: harness.backend, logger: harness.logger, pipeline: loose });
    await older.start();
    await older.ring('single', { sourceIds: [1] });
    await older.close();
    const alpha = inbox();
    bus.subscribe('alpha', 'single', alpha.handler);
    await untilSingle(bus, { failed: 1, waiting: 0 });
    expect(alpha.numbers()).toEqual([]);
    expect((await bus.deadLetters())[0]).toMatchObject({
      attempts: 1,
      payload: { sourceIds: [1] },
      reason: expect.stringContaining('bad-input'),
    });
  });

  it('tries again after a back-off until it succeeds', async () => {
    const bus = freshBus();
    const alpha = inbox(({ attempt }) => {
      if (attempt < 3) throw new Error('not yet');
    });
    bus.subscribe('alpha', 'single', alpha.handler);
    await bus.start();
    await bus.ring('single', message(1));
    await alpha.has(3);
    expect(alpha.seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    await untilIdle(bus);
    expect(await bus.deadLetters()).toEqual([]);
  });

  it('makes a dead letter of the last failure, and rings it again on demand', async () => {
    const bus = freshBus();
    let broken = true;
    const alpha = inbox(() => {
      if (broken) throw new GuanlanError('connect-failed', '对方没有应答');
    });
    bus.subscribe('alpha', 'single', alpha.handler);
    await bus.start();
    await bus.ringMany('single', [message(1), message(2)]);
    await untilSingle(bus, { failed: 2 });
    expect(alpha.seen.map(({ attempt }) => attempt).sort()).toEqual([1, 1, 2, 2, 3, 3]);
    const [letter] = (await bus.deadLetters('single')).filter(({ payload }) => (payload as QueuePayload).notificationId === 1);
    expect(letter).toMatchObject({ topic: 'single', consumer: 'alpha', attempts: 3, reason: 'connect-failed: 对方没有应答' });
    expect(await bus.deadLetters('fan')).toEqual([]);

    broken = false;
    expect(await bus.retryDead({ ids: [letter?.id ?? ''] })).toBe(1);
    await alpha.has(7);
    expect(alpha.seen[6]).toMatchObject({ attempt: 1, payload: message(1) });
    expect(await bus.retryDead({ topic: 'fan' })).toBe(0);
    expect(await bus.retryDead()).toBe(1);
    await alpha.has(8);
    await untilSingle(bus, { failed: 0, waiting: 0, active: 0 });
  });

  it('does not try again what can never succeed', async () => {
    const bus = freshBus();
    const alpha = inbox(() => {
      throw new GuanlanError('not-found', '没有这一行');
    });
    bus.subscribe('alpha', 'single', alpha.handler);
    await bus.start();
    await bus.ring('single', message(1), { key: 'k' });
    await untilSingle(bus, { failed: 1 });
    expect(alpha.seen).toHaveLength(1);
    expect(await bus.deadLetters()).toMatchObject([{ attempts: 1, reason: 'not-found: 没有这一行' }]);
    // A dead letter does not hold its key.
    await bus.ring('single', message(1), { key: 'k' });
    await untilSingle(bus, { failed: 2 });
  });

  it('holds a delayed ring back until it is due', async () => {
    const bus = freshBus();
    const alpha = inbox();
    bus.subscribe('alpha', 'single', alpha.handler);
    await bus.start();
    await bus.ring('single', message(1), { delayMs: 400 });
    await bus.ring('single', message(2));
    await alpha.has(2);
    expect(alpha.numbers()).toEqual([2, 1]);
  });

  it('joins rings with one key: waiting, delayed and in hand', async () => {
    const bus = freshBus();
    await bus.start();
    await bus.ring('single', message(1), { key: 'k', delayMs: 60_000 });
    await bus.ring('single', message(2), { key: 'k' });
    await bus.ring('single', message(2), { key: 'k' });
    expect(await depthOfSingle(bus)).toMatchObject({ waiting: 1, delayed: 0 });

    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const alpha = inbox(() => held);
    bus.subscribe('alpha', 'single', alpha.handler);
    await alpha.has(1);
    await bus.ring('single', message(3), { key: 'k' });
    await bus.ring('single', message(4), { key: 'k' });
    release();
    await alpha.has(2);
    await untilIdle(bus);
    expect(alpha.numbers()).toEqual([2, 4]);
    await bus.ring('single', message(5), { key: 'k' });
    await alpha.has(3);
  });

  it('refuses to start a service whose handler is missing', async () => {
    const bus = freshBus();
    bus.subscribe('alpha', 'fan', async () => {});
    await expect(bus.start({ consumers: ['alpha'] })).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('alpha ← single'),
    });
    bus.subscribe('alpha', 'single', async () => {});
    await bus.start({ consumers: ['alpha'] });
  });

  it('waits for the handler in hand when it closes, and takes nothing more', async () => {
    const bus = freshBus();
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let finished = false;
    const alpha = inbox(async () => {
      await held;
      finished = true;
    });
    bus.subscribe('alpha', 'single', alpha.handler);
    await bus.start();
    await bus.ringMany('single', [message(1), message(2)]);
    await alpha.has(1);
    const closed = bus.close();
    setTimeout(release, 100);
    await closed;
    expect(finished).toBe(true);
    expect(alpha.numbers()).toEqual([1]);

    const next = busHere();
    await next.start();
    expect(await depthOfSingle(next)).toMatchObject({ waiting: 1, active: 0 });
  });

  it.each([
    ['obeys', true],
    ['ignores', false],
  ])('puts the message back when its handler outlasts the grace and %s the signal', async (_, obeys) => {
    const bus = freshBus();
    const alpha = inbox(
      ({ signal }) => new Promise((_resolve, reject) => obeys && signal.addEventListener('abort', () => reject(signal.reason))),
    );
    bus.subscribe('alpha', 'single', alpha.handler);
    await bus.start();
    await bus.ring('single', message(1));
    await alpha.has(1);
    await bus.close(50);
    expect(alpha.seen[0]?.signal.aborted).toBe(true);

    const next = busHere();
    const again = inbox();
    next.subscribe('alpha', 'single', again.handler);
    await next.start();
    await again.has(1);
    expect(again.seen[0]).toMatchObject({ attempt: 1, payload: message(1) });
  });
});
