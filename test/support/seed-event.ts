import { type Db, publishLexicon } from '@guanlan/database';
import type { AuthorKind, CategoryId } from '@guanlan/domain';

/** An item as a test tells it; `copyOf` is the place in the list of the one whose text it has. */
export interface SeedItem {
  title: string;
  text?: string;
  at: Date;
  source?: string;
  authorKind?: AuthorKind;
  rank?: number;
  relevant?: boolean;
  categories?: CategoryId[];
  places?: string[];
  copyOf?: number;
}

/** An event with its items, judged and counted, as the path would have left them. Returns the ids, items in the order given. */
export async function seedEvent(db: Db, items: readonly SeedItem[]): Promise<{ eventId: number; itemIds: number[] }> {
  const revision = await publishLexicon(db, { digest: 'seed', body: '', note: '' });
  const times = items.map((item) => item.at.getTime());
  const [first] = items;
  if (first === undefined) throw new Error('an event has an item');
  const event = await db
    .insertInto('event')
    .values({
      title: first.title,
      rank: Math.max(...items.map((item) => item.rank ?? 2)),
      relevant: items.some((item) => item.relevant ?? true),
      item_count: items.length,
      first_seen_at: new Date(Math.min(...times)),
      last_seen_at: new Date(Math.max(...times)),
      categories: [...new Set(items.flatMap((item): CategoryId[] => item.categories ?? ['accident']))],
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const stored: { id: number; fingerprint: string }[] = [];
  for (const item of items) {
    const copied = item.copyOf === undefined ? undefined : stored[item.copyOf];
    const key = crypto.randomUUID();
    const fingerprint = copied?.fingerprint ?? key;
    const { id } = await db
      .insertInto('item')
      .values({
        ...{ key, fingerprint, source_id: await sourceOf(db, item), author_kind: item.authorKind ?? 'media', title: item.title },
        ...{
          url: `https://news.example/${key}`,
          text: item.text ?? `${item.title}，情况正在核实。`,
          published_at: item.at,
          collected_at: item.at,
        },
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    stored.push({ id, fingerprint });
    const relevant = item.relevant ?? true;
    await db
      .insertInto('assessment')
      .values({
        ...{ item_id: id, revision_id: revision, rank: item.rank ?? 2, score: 5, local: relevant, relevant, assessed_at: item.at },
        ...{ categories: item.categories ?? ['accident'], places: item.places ?? [], reasons: null, suppressed: null },
      })
      .execute();
    await db
      .insertInto('event_item')
      .values({ item_id: id, event_id: event.id, seed_id: stored[0]?.id ?? id, copy_of: copied?.id ?? null, fingerprint, at: item.at })
      .execute();
    if (!relevant) continue;
    await db
      .insertInto('tally')
      .values({ item_id: id, year: item.at.getUTCFullYear(), fingerprint, state: copied ? 'duplicate' : 'counted', at: item.at })
      .execute();
  }
  return { eventId: event.id, itemIds: stored.map((item) => item.id) };
}

/** An alert that stands where the dispatcher opened it. */
export async function seedEventAlert(db: Db, eventId: number, at: Date): Promise<number> {
  const alert = await db
    .insertInto('alert')
    .values({ event_id: eventId, rank: 2, outcome: null, opened_at: at, updated_at: at })
    .returning('id')
    .executeTakeFirstOrThrow();
  return alert.id;
}

async function sourceOf(db: Db, { source = '县融媒体中心', authorKind = 'media' }: SeedItem): Promise<number> {
  const url = `https://source.example/${encodeURIComponent(source)}`;
  const known = await db.selectFrom('source').select('id').where('url', '=', url).executeTakeFirst();
  if (known) return known.id;
  const made = await db
    .insertInto('source')
    .values({ kind: 'feed', name: source, url, author_kind: authorKind })
    .returning('id')
    .executeTakeFirstOrThrow();
  return made.id;
}
