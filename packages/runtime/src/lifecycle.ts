import type { Logger } from './logger.ts';

/** One service. `start` resolves when it serves; `stop` resolves when what it had in hand is finished. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Runs services given in the order of the path (producers first). Consumers start before their producers and
 * stop after them, so that nothing is rung for nobody. A service that fails to start stops those already started.
 */
export async function startAll(services: readonly Service[], logger: Logger): Promise<{ stop(): Promise<void> }> {
  const started: Service[] = [];
  const stop = async () => {
    const faults: unknown[] = [];
    for (const service of started.reverse()) {
      try {
        await service.stop();
        logger.debug({ service: service.name }, 'stopped');
      } catch (error) {
        faults.push(error);
        logger.error({ service: service.name, err: error }, 'did not stop cleanly');
      }
    }
    started.length = 0;
    if (faults.length > 0) throw new AggregateError(faults, 'some services did not stop cleanly');
  };
  try {
    for (const service of [...services].reverse()) {
      await service.start();
      started.push(service);
      logger.debug({ service: service.name }, 'started');
    }
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
  return { stop };
}
