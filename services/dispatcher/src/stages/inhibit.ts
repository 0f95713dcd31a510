import type { Inhibitor } from '@guanlan/database';
import { levelInfo, levelOfRank, levelRank } from '@guanlan/domain';
import { type Candidate, type Context, mute, type Stage, toUnmuted } from '../candidate.ts';

/** The least level whose alert mutes lower ones, and for how long after it was opened. */
export const inhibitingRank = levelRank('II');
export const inhibitedForMs = 2 * 3_600_000;

/**
 * An open alert of level II or I mutes lower ones of the same category that say no more of the place than it does: the alert
 * stands, nobody is told again. Two places at least (the county and a town of it), because the county alone is where
 * everything happens, and a second fire elsewhere in it must be told.
 */
export const inhibit: Stage = (context) => {
  const inhibitors = [...context.inhibitors, ...opening(context)];
  return toUnmuted(context, (candidate) => {
    const by = inhibitorOf(candidate, inhibitors);
    if (!by) return candidate;
    const level = levelInfo[levelOfRank(by.rank)].title;
    return mute(
      candidate,
      'suppressed',
      `同一地点（${candidate.story.places.join('、')}）、同一类别已有更高级别（${level}）的未办结预警 ${by.alertId}，不再另行通知`,
    );
  });
};

function inhibitorOf({ alertId, decision, story }: Candidate, inhibitors: readonly Inhibitor[]): Inhibitor | undefined {
  if (story.places.length < 2) return undefined;
  const able = inhibitors.filter((i) => i.alertId !== alertId && i.rank > decision.rank && story.categories.includes(i.category));
  return able.find((one) => story.places.every((place) => able.some((other) => other.alertId === one.alertId && other.place === place)));
}

/** The severe alerts that this very batch opens or raises. */
function opening({ candidates }: Context): Inhibitor[] {
  return candidates.flatMap(({ change, alertId, decision: { rank }, story }) =>
    change === null || alertId === null || rank < inhibitingRank
      ? []
      : story.categories.flatMap((category) => story.places.map((place) => ({ alertId, rank, category, place }))),
  );
}
