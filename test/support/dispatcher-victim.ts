import { connect } from '@guanlan/database';
import { createDispatcher, type DeliveryStep } from '@guanlan/dispatcher';
import { createBus } from '@guanlan/queue';
import { createHttpClient, createLogger, loadAlertPolicy } from '@guanlan/runtime';

export interface VictimInput {
  connectionString: string;
  /** Ahead of the machine's clock, in ms. */
  aheadMs: number;
  /** Dies at the n-th time it passes this step; null: never. */
  dies: { step: DeliveryStep; at: number } | null;
}

/** A dispatcher in a process of its own that kills itself, -9, right after a step. */
const { connectionString, aheadMs, dies } = JSON.parse(process.argv[2] ?? '') as VictimInput;
const logger = createLogger({ level: 'silent' });
const clock = { now: () => new Date(Date.now() + aheadMs) };
const bus = createBus({ backend: { kind: 'postgres', connectionString }, logger });
await bus.start();
const policy = await loadAlertPolicy();
let passes = 0;
const dispatcher = createDispatcher({
  ...{ db: connect({ connectionString }), bus, clock, logger, sweepMs: 50, noticeMs: 3_600_000, deliveries: 2 },
  http: createHttpClient({ userAgent: 'Guanlan-test' }),
  policy: { ...policy, storm: { ...policy.storm, digestSeconds: 1 } },
  passed: (step) => {
    if (step !== dies?.step) return;
    passes += 1;
    if (passes === dies.at) process.kill(process.pid, 'SIGKILL');
  },
});
await dispatcher.start();
process.stdout.write('ready\n');
