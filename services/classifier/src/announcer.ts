import { chunk } from '@guanlan/domain';
import type { Bus } from '@guanlan/queue';
import { type Gathered, gathered, type Logger } from '@guanlan/runtime';

/** Under load, rings that follow within this go together; when idle, each goes at once. */
const everyMs = 200;

/** Rings for events that changed. A ring that fails is no loss: the events are marked, and the dispatcher's sweep finds them. */
export function createAnnouncer({ bus, logger }: { bus: Bus; logger: Logger }): Gathered<number> {
  return gathered(async (eventIds) => {
    try {
      await bus.ringMany(
        'events.assessed',
        chunk([...new Set(eventIds)], 500).map((ids) => ({ eventIds: ids })),
      );
    } catch (error) {
      logger.warn({ events: eventIds.length, err: error }, 'assessed, but could not ring; the sweeps will');
    }
  }, everyMs);
}
