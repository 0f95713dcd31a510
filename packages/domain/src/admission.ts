import { type Budget, leavesRoom } from './budget.ts';
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
  /** A storm's messages are being gathered for it. */
  storming: boolean;
  /** Single messages that went out in this window; level I has its own count. */
  singles: number;
  urgent: number;
  /** What its kind allows, and when what still counts against it was sent; what is about to be sent counts as sent now. */
  budgets: readonly Budget[];
  used: readonly Date[];
}

/** See `AlertPolicy.storm`. */
export interface StormRule {
  burst: number;
  windowMinutes: number;
  singles: number;
  digestSeconds: number;
  urgentDigestSeconds: number;
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
 * Which of the waiting messages of one channel go out by themselves, and which are folded into one. It is a storm when more wait at
 * one time than people can read, and until what it gathered was sent; then, too, when they come one by one but too many in a
 * window, or more than leave level I its room in the channel's budget. Most urgent first, so that what is folded is the least urgent.
 * Nothing is left out: each id is in the answer once.
 */
export function admit(
  waiting: readonly WaitingMessage[],
  lane: ChannelLane,
  { now, storm }: { now: Date; storm: StormRule },
): { singles: number[]; folds: Fold[] } {
  const singles: number[] = [];
  const folds = new Map<string, Fold>();
  const fold = (carriage: Carriage, urgent: boolean, dueAt: Date, id: number) => {
    const known = folds.get(`${carriage} ${urgent}`);
    if (!known) folds.set(`${carriage} ${urgent}`, { carriage, urgent, dueAt, ids: [id] });
    else {
      known.ids.push(id);
      if (dueAt < known.dueAt) known.dueAt = dueAt;
    }
  };
  const inSeconds = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
  const free = waiting.filter(({ hold, dueAt }) => hold === null || dueAt <= now);
  const grave = free.filter(({ rank }) => rank >= urgentRank).length;
  const storming = lane.storming || grave > storm.burst || free.length - grave > storm.burst;
  const most = storming ? storm.burst : storm.singles;
  let left = lane.storming ? 0 : most - lane.singles;
  let urgentLeft = most - lane.urgent;
  const used = [...lane.used];
  const room = () => leavesRoom(used, lane.budgets, { now, urgentEveryMs: storm.urgentDigestSeconds * 1_000 });
  const alone = (id: number) => {
    singles.push(id);
    used.push(now);
  };
  for (const { id, rank, hold, dueAt } of waiting.toSorted((a, b) => b.rank - a.rank || a.id - b.id)) {
    const urgent = rank >= urgentRank;
    if (hold !== null && dueAt > now) fold(hold, false, dueAt, id);
    else if (lane.down) fold('outage', false, untilItAnswers, id);
    else if (urgent && urgentLeft > 0 && room()) {
      urgentLeft -= 1;
      alone(id);
    } else if (!urgent && left > 0 && room()) {
      left -= 1;
      alone(id);
    } else fold('storm', urgent, inSeconds(urgent ? storm.urgentDigestSeconds : storm.digestSeconds), id);
  }
  return { singles, folds: [...folds.values()] };
}
