import type { KindredEvents } from '@guanlan/contracts';
import { type EventRow, emptyStory, listEventsBeside, loadStories, type Story } from '@guanlan/database';
import { type KindredInput, kindredOf } from '@guanlan/events';
import type { ApiContext } from './context.ts';

/** Two reports of one happening that differ in every word are mostly hours apart, and days at the most. */
const hours = 72;
/** Events that are set beside one, and those that are shown. */
const compared = 40;
const shown = 3;

/** Events that may be the same happening as this one, those with most in common first. None for one that does not exist. */
export async function kindredTo({ db }: ApiContext, id: number): Promise<KindredEvents['rows']> {
  const [own, ...others] = await listEventsBeside(db, id, { hours, limit: compared });
  if (own === undefined || others.length === 0) return [];
  const stories = await loadStories(db, [id, ...others.map((row) => row.id)], { items: 0 });
  const told = inputOf(own, stories.get(id));
  return others
    .flatMap((row) => {
      const kindred = kindredOf(told, inputOf(row, stories.get(row.id)));
      return kindred === null ? [] : [{ row, kindred, weight: kindred.words.join('').length + 2 * kindred.places.length }];
    })
    .sort((a, b) => b.weight - a.weight)
    .slice(0, shown)
    .map(({ row, kindred }) => ({
      ...{ id: row.id, title: row.title, level: row.level, itemCount: row.itemCount, alert: row.alert, ...kindred },
      ...{ firstSeenAt: row.firstSeenAt.toISOString(), lastSeenAt: row.lastSeenAt.toISOString() },
    }));
}

function inputOf({ title }: EventRow, { places, evidence }: Story = emptyStory): KindredInput {
  return { title, places, terms: evidence.map(({ term }) => term) };
}
