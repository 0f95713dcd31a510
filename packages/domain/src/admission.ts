import type { Carriage } from './digest.ts';
import { levelRank } from './level.ts';

/** A message that waits to be let through to its channel. */
export interface WaitingMessage {
  id: number;
  rank: number;
  hold: 'quiet' | 'digest' | null;
  dueAt: Date;
}

/** How a channel stands. */
export interface ChannelLane {
  /** It fails; what comes meanwhile is gathered until it answers again. */
  down: boolean;
  /** Single messages that may still go out in this window; level I has its own. */
  singles: number;
  urgentSingles: number;
}

export interface Fold {
  carriage: Carriage;
  /** Level I in a storm: a message of its own, sooner. */
  urgent: boolean;
  dueAt: Date;
  ids: number[];
}

const urgentRank = levelRank('I');
/** A channel that is down is not waited for at any time of its own. */
export const untilItAnswers = new Date('9999-01-01T00:00:00Z');

/**
 * Which of the waiting messages of one channel go out by themselves, and which are folded into one. Most urgent first, so that
 * what is folded in a storm is the least urgent. Nothing is left out: each id is in the answer once.
 */
export function admit(
  waiting: readonly WaitingMessage[],
  lane: ChannelLane,
  options: { now: Date; digestSeconds: number; urgentDigestSeconds: number },
): { singles: number[]; folds: Fold[] } {
  const singles: number[] = [];
  const folds = new Map<string, Fold>();
  let { singles: left, urgentSingles: urgentLeft } = lane;
  const fold = (carriage: Carriage, urgent: boolean, dueAt: Date, id: number) => {
    const known = folds.get(`${carriage} ${urgent}`);
    if (!known) folds.set(`${carriage} ${urgent}`, { carriage, urgent, dueAt, ids: [id] });
    else {
      known.ids.push(id);
      if (dueAt < known.dueAt) known.dueAt = dueAt;
    }
  };
  const inSeconds = (seconds: number) => new Date(options.now.getTime() + seconds * 1_000);
  for (const { id, rank, hold, dueAt } of waiting.toSorted((a, b) => b.rank - a.rank || a.id - b.id)) {
    const urgent = rank >= urgentRank;
    if (hold !== null && dueAt > options.now) fold(hold, false, dueAt, id);
    else if (lane.down) fold('outage', false, untilItAnswers, id);
    else if (urgent && urgentLeft > 0) {
      urgentLeft -= 1;
      singles.push(id);
    } else if (!urgent && left > 0) {
      left -= 1;
      singles.push(id);
    } else fold('storm', urgent, inSeconds(urgent ? options.urgentDigestSeconds : options.digestSeconds), id);
  }
  return { singles, folds: [...folds.values()] };
}
