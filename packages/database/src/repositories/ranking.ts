import type { RankingExample, RankingFacts } from '@guanlan/domain';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connect.ts';
import { alertVerdict } from './alert-verdict.ts';

interface FactsRow extends RankingFacts {
  id: number;
  verdict: 'confirmed' | 'false' | 'open';
}

/** The newest alerts of which a person has said what they were, in the order in which they were opened. */
export async function listRankingExamples(db: Db, limit: number): Promise<RankingExample[]> {
  const rows = await readFacts(db, sql`where ${alertVerdict} <> 'open' order by al.opened_at desc, al.id desc limit ${limit}`);
  return rows.map(({ id: _, verdict, ...facts }) => ({ ...facts, confirmed: verdict === 'confirmed' })).reverse();
}

/** Every open alert, the newest first. */
export async function listOpenFacts(db: Db): Promise<(RankingFacts & { id: number })[]> {
  const rows = await readFacts(db, sql`where al.closed_at is null order by al.opened_at desc, al.id desc`);
  return rows.map(({ verdict: _, ...facts }) => facts);
}

/** What changes when an outcome is added: a model learned before may be used as long as this is the same. */
export async function outcomesMark(db: Db): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select count(*) || ' ' || coalesce(max(updated_at)::text, '') as mark from alert
    where outcome is not null or state in ('verified', 'assigned', 'answered')`.execute(db);
  return rows[0]?.mark ?? '';
}

/** Items of one event that are looked at; the most urgent say what there is to say. */
const itemsPerEvent = 50;

async function readFacts(db: Db, tail: RawBuilder<unknown>): Promise<FactsRow[]> {
  const { rows } = await sql<FactsRow>`
    select al.id, coalesce(al.confirmed_rank, al.rank) as rank, ${alertVerdict} as verdict, e.item_count as items, f.sources, f.official, f.titled, f.places, f.rules, f.categories
    from alert al join event e on e.id = al.event_id
    cross join lateral (
      select count(distinct m.source_id) as sources, coalesce(bool_or(m.author_kind in ('agency', 'media')), false) as official,
        coalesce(bool_or(m.reasons @> '[{"field": "title"}]'), false) as titled,
        (select count(distinct p) from unnest(array_agg(m.places_text)) t, unnest(string_to_array(nullif(t, ''), chr(31))) p) as places,
        coalesce((select array_agg(distinct r.value ->> 'rule') from unnest(array_agg(m.reasons)) one,
          jsonb_array_elements(coalesce(one, '[]')) r), '{}') as rules,
        coalesce((select array_agg(distinct c) from unnest(array_agg(m.categories_text)) t,
          unnest(string_to_array(nullif(t, ''), chr(31))) c), '{}') as categories
      from (
        select i.source_id, i.author_kind, a.reasons, array_to_string(a.places, chr(31)) as places_text,
          array_to_string(a.categories, chr(31)) as categories_text
        from event_item ei join item i on i.id = ei.item_id
        cross join lateral (
          select rank, score, reasons, places, categories from assessment x where x.item_id = ei.item_id order by revision_id desc limit 1) a
        where ei.event_id = al.event_id order by a.rank desc, a.score desc, i.id limit ${itemsPerEvent}) m) f
    ${tail}`.execute(db);
  return rows;
}
