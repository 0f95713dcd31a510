import { randomInt } from 'node:crypto';
import { type Db, drawSample } from '@guanlan/database';
import { weekOf, weekSpan } from '@guanlan/domain';
import { type Clock, type Logger, repeat, type Service } from '@guanlan/runtime';

export interface SamplerOptions {
  db: Db;
  clock: Clock;
  logger: Logger;
  /** Milliseconds between two looks whether a week has ended. */
  everyMs?: number;
  /** Items drawn of those about this county, and of the others. */
  sizes?: { local: number; other: number };
}

const weekMs = 7 * 86_400_000;

/** Once a week has ended, draws a sample of what made no alert in it, for a person to say whether something was missed. */
export function createSampler({ db, clock, logger, everyMs = 600_000, sizes = { local: 30, other: 20 } }: SamplerOptions): Service {
  let loop: { stop(): Promise<void> } | undefined;
  return {
    name: 'sampler',
    start: async () => {
      loop = repeat('weekly sample', everyMs, logger, async () => {
        const now = clock.now();
        const week = weekOf(new Date(now.getTime() - weekMs));
        const span = weekSpan(week);
        if (span === null) return;
        const drawn = await drawSample(db, { week, span, sizes, seed: randomInt(2 ** 47), now });
        if (drawn) logger.info({ week }, 'sample of unalerted items drawn');
      });
    },
    stop: async () => {
      await loop?.stop();
    },
  };
}
