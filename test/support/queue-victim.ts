import { createBus } from '@guanlan/queue';
import { createLogger } from '@guanlan/runtime';
import { type QueueFixture, queueContracts } from './queue-fixture.ts';

/** A process that takes one message, says so on stdout and never finishes it: the test kills it. */
const { backend } = JSON.parse(process.argv[2] ?? '') as QueueFixture;
const bus = createBus({ backend, pipeline: queueContracts, logger: createLogger({ level: 'silent' }) });
bus.subscribe('alpha', 'single', async ({ payload }) => {
  process.stdout.write(`took ${payload.notificationId}\n`);
  await new Promise(() => {});
});
await bus.start();
process.stdout.write('ready\n');
