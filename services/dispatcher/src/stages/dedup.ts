import { mute, type Stage, toUnmuted } from '../candidate.ts';

/** A message only when an alert is new or its level rises; whatever else is said of an event adds to it quietly. */
export const dedup: Stage = (context) =>
  toUnmuted(context, (candidate) =>
    candidate.change === null || candidate.change === 'reported' ? mute(candidate, 'suppressed', '已经预警过，级别没有上升') : candidate,
  );
