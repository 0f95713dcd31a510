import { contract, pipeline } from '@guanlan/contracts';
import { createLogger } from '@guanlan/runtime';
import { expect, it } from 'vitest';
import { createBus } from './bus.ts';

const logger = createLogger({ level: 'silent' });
// Nothing connects before start(): these tests need no server.
const backend = { kind: 'postgres', connectionString: 'postgres://nobody@127.0.0.1:1/none' } as const;

it('lets only the consumers of the contract subscribe, and only with its payload', () => {
  const bus = createBus({ backend, logger });
  bus.subscribe('classifier', 'items.collected', async ({ payload, attempt, signal }) => {
    const ids: number[] = payload.itemIds;
    expect([ids, attempt, signal]).toBeDefined();
  });
  expect(() =>
    // @ts-expect-error the counter does not listen to items.collected
    bus.subscribe('counter', 'items.collected', async () => {}),
  ).toThrow('counter 不是 items.collected 的消费者');
  expect(() =>
    // @ts-expect-error no such topic
    bus.subscribe('classifier', 'items.lost', async () => {}),
  ).toThrow('没有名为 items.lost 的主题');
  // @ts-expect-error the payload of source.due has no itemIds
  bus.subscribe('crawler', 'source.due', async ({ payload }) => void payload.itemIds);
});

it('accepts one handler per queue, and a new one after it was closed', async () => {
  const bus = createBus({ backend, logger });
  const subscription = bus.subscribe('crawler', 'source.due', async () => {});
  expect(() => bus.subscribe('crawler', 'source.due', async () => {})).toThrow('source.due.crawler 已有处理函数');
  await subscription.close();
  bus.subscribe('crawler', 'source.due', async () => {});
});

it('names every handler that a running service lacks', () => {
  const bus = createBus({ backend, logger });
  bus.subscribe('dispatcher', 'events.assessed', async () => {});
  expect(() => bus.requireHandlers(['dispatcher', 'counter'])).toThrow('counter ← events.assessed，dispatcher ← notification.due');
  // @ts-expect-error no service of that name consumes anything
  bus.requireHandlers(['reporter']);
});

it('refuses bad payloads, and rings before it has started', async () => {
  const bus = createBus({ backend, logger });
  await expect(bus.ring('items.collected', { itemIds: [] })).rejects.toMatchObject({ code: 'bad-input' });
  await expect(bus.ring('items.collected', { itemIds: [1] })).rejects.toThrow('尚未启动');
  // @ts-expect-error ids are numbers
  await expect(bus.ring('notification.due', { notificationId: '1' })).rejects.toMatchObject({ code: 'bad-input' });
  expect(await bus.health()).toMatchObject({ ok: false, backend: 'postgres' });
  await bus.close();
});

it('types a contract table of its own', () => {
  const own = { hello: contract({ ...pipeline['source.due'], consumers: ['world'] }) } as const;
  const bus = createBus({ backend, logger, pipeline: own });
  bus.subscribe('world', 'hello', async ({ payload }) => void payload.sourceIds);
  // @ts-expect-error crawler is a consumer of another table
  expect(() => bus.subscribe('crawler', 'hello', async () => {})).toThrow();
});
