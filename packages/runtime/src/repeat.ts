import type { Logger } from './logger.ts';

/**
 * Runs `work` again and again, `everyMs` after it last ended, so that a slow round never overlaps the next.
 * A round that fails is logged and the next one comes as usual. `stop` waits for the round in hand.
 */
export function repeat(name: string, everyMs: number, logger: Logger, work: () => Promise<void>): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let failing = false;
  let current: Promise<void> = Promise.resolve();
  const round = async () => {
    try {
      await work();
      if (failing) logger.info({ work: name }, 'works again');
      failing = false;
    } catch (error) {
      // Once per outage: a database that is away for a minute should not fill the log.
      if (!failing) logger.warn({ work: name, err: error }, 'failed, will be tried again');
      failing = true;
    }
    if (!stopped) schedule();
  };
  const schedule = () => {
    timer = setTimeout(() => {
      current = round();
    }, everyMs);
  };
  current = round();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
