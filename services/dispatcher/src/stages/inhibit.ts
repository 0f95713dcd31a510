import type { Inhibition, Inhibitor } from '@guanlan/database';
import { levelOfRank, levelText, minuteOf } from '@guanlan/domain';
import { type Candidate, type Context, mute, type Stage, toUnmuted } from '../candidate.ts';

/**
 * An open, severe alert mutes lower ones of the same category that say no more of the place than it does, as long as a rule
 * says so: the alert stands, nobody is told again. Two places at least (the county and a town of it), because the county alone is where
 * everything happens, and a second fire elsewhere in it must be told.
 */
export const inhibit: Stage = (context) => {
  const inhibitors = [...context.inhibitors, ...opening(context)];
  return toUnmuted(context, (candidate) => {
    for (const rule of context.inhibitions) {
      const by = inhibitorOf(
        candidate,
        inhibitors.filter((one) => holds(rule, one, context.now)),
      );
      if (!by) continue;
      const level = levelText(levelOfRank(by.rank), by.confirmed);
      const until = minuteOf(new Date(by.openedAt.getTime() + rule.minutes * 60_000));
      return mute(
        candidate,
        'suppressed',
        `${rule.reason}（${candidate.story.places.join('、')}）已有更高级别（${level}）的未办结预警 ${by.alertId}，${until} 前不再另行通知`,
      );
    }
    return candidate;
  });
};

function holds({ minRank, minutes, categories }: Inhibition, { rank, category, openedAt }: Inhibitor, now: Date): boolean {
  if (rank < minRank || now.getTime() - openedAt.getTime() >= minutes * 60_000) return false;
  return categories.length === 0 || categories.includes(category);
}

function inhibitorOf({ alertId, decision, story }: Candidate, inhibitors: readonly Inhibitor[]): Inhibitor | undefined {
  if (story.places.length < 2) return undefined;
  const able = inhibitors.filter((i) => i.alertId !== alertId && i.rank > decision.rank && story.categories.includes(i.category));
  return able.find((one) => story.places.every((place) => able.some((other) => other.alertId === one.alertId && other.place === place)));
}

/** The severe alerts that this very batch opens or raises. A drill mutes nothing. */
function opening({ candidates, now }: Context): Inhibitor[] {
  return candidates.flatMap(({ change, alertId, decision: { rank, drillId }, story }) =>
    change === null || alertId === null || drillId !== null
      ? []
      : story.categories.flatMap((category) =>
          story.places.map((place) => ({ alertId, rank, confirmed: false, category, place, openedAt: now })),
        ),
  );
}
