import { type AuthorKind, isOfficialWord } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** What offices have said of a matter after it was told. */
export interface EventResponse {
  /** The first of them. */
  itemId: number;
  title: string;
  source: string;
  /** When it was published or, where that is unknown, collected. */
  at: Date;
  /** How many there are. */
  count: number;
}

/** Items that are looked at; a story that goes on longer had its first answer long before. */
const mostLooked = 1_000;

/** The official responses in an event; null while there is none. What an event began with answers nothing. */
export async function findResponse(db: Db, eventId: number): Promise<EventResponse | null> {
  const { rows } = await sql<Omit<EventResponse, 'count'> & { snippet: string; authorKind: AuthorKind }>`
    select i.id as "itemId", i.title, left(i.text, 200) as snippet, s.name as source, i.author_kind as "authorKind",
      coalesce(i.published_at, i.collected_at) as at
    from event_item ei join item i on i.id = ei.item_id join source s on s.id = i.source_id
    where ei.event_id = ${eventId} and (i.author_kind = 'agency' or i.title ~ '通报|回应|说明|辟谣|答复|发布|调查')
      and ei.item_id > (select min(item_id) from event_item where event_id = ${eventId})
    order by ei.item_id limit ${mostLooked}`.execute(db);
  const [first, ...more] = rows.filter(isOfficialWord);
  if (first === undefined) return null;
  const { snippet: _, authorKind: __, ...facts } = first;
  return { ...facts, count: 1 + more.length };
}
