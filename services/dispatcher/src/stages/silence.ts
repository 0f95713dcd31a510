import type { Silence } from '@guanlan/database';
import { minuteOf } from '@guanlan/domain';
import { type Candidate, mute, type Stage, toUnmuted } from '../candidate.ts';

/** A silence in force mutes what it covers wholly; an event that is also about something else is told. Level I always passes. */
export const silence: Stage = (context) =>
  toUnmuted(context, (candidate) => {
    const by = context.silences.find((s) => covers(s, candidate));
    return by ? mute(candidate, 'silenced', `静默至 ${minuteOf(by.endsAt)}：${by.reason}`) : candidate;
  });

function covers({ categories, places, maxRank }: Silence, { decision, story }: Candidate): boolean {
  if (decision.rank > maxRank) return false;
  return wholly(categories, story.categories) && wholly(places, story.places);
}

/** What names nothing covers everything; else everything the story names must be named. */
function wholly<T>(named: readonly T[], told: readonly T[]): boolean {
  return named.length === 0 || (told.length > 0 && told.every((one) => named.includes(one)));
}
