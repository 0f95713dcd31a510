import { mute, type Stage, toUnmuted } from '../candidate.ts';

/**
 * A message only when an alert is new, its level rises, a new kind of source tells of it or its volume jumps; whatever else is
 * said of an event adds to its heat quietly.
 */
export const dedup: Stage = (context) =>
  toUnmuted(context, (candidate) =>
    candidate.change === null || candidate.change === 'reported' ? mute(candidate, 'suppressed', '已经预警过，没有新情况') : candidate,
  );
