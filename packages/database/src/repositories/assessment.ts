import { type Assessment, levelRank } from '@guanlan/domain';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connect.ts';

/** What one revision says of one item, before it is stored. */
export interface Judgement {
  /** Has a level and is about this county, by its text or by its source. */
  relevant: boolean;
  /** 32 hex digits: items with the same signature tell one story. */
  signature: string;
  assessment: Assessment;
}

export interface NewAssessment extends Judgement {
  itemId: number;
}

/**
 * Writes the assessments of a batch, groups its items into events and clears them from the pending list: one statement,
 * one commit. An item that is no longer pending was assessed by somebody else meanwhile and is left out, so a message
 * delivered twice changes nothing. Returns the events the dispatcher and the counter should look at.
 */
export async function saveAssessments(db: Db, revisionId: number, batch: readonly NewAssessment[], now: Date): Promise<number[]> {
  if (batch.length === 0) return [];
  const { rows } = await sql<{ id: number }>`
    with claimed as (
      delete from item_pending where item_id = any(${batch.map((b) => b.itemId)}::bigint[]) returning item_id
    ), input as (
      select i.title, i.collected_at, n.*
      from unnest(${batch.map((b) => b.itemId)}::bigint[], ${judgementArrays(batch)}) as n (item_id, ${judgementColumns})
      join claimed using (item_id) join item i on i.id = n.item_id
    ), ${assessing(revisionId, now)}
    select id from upserted where relevant order by id`.execute(db);
  return rows.map((r) => r.id);
}

export const judgementColumns = sql`signature, relevant, rank, score, local, categories, places, reasons, suppressed`;

/** One array per column of {@link judgementColumns}, to be unnested. */
export function judgementArrays(batch: readonly Judgement[]): RawBuilder<unknown> {
  const a = batch.map((b) => b.assessment);
  return sql`
    ${batch.map((b) => b.signature)}::uuid[], ${batch.map((b) => b.relevant)}::boolean[],
    ${a.map((x) => levelRank(x.level))}::smallint[], ${a.map((x) => x.score)}::real[], ${a.map((x) => x.local)}::boolean[],
    ${a.map((x) => joined(x.categories))}::text[], ${a.map((x) => joined(x.places))}::text[],
    ${a.map((x) => (x.reasons.length > 0 ? json(x.reasons) : null))}::jsonb[],
    ${a.map((x) => (x.suppressed.length > 0 ? json(x.suppressed) : null))}::jsonb[]`;
}

/**
 * The steps from `input` (item_id, title, collected_at and {@link judgementColumns}) to assessments and events; the last is
 * `upserted` (id, signature, relevant). An event begins with the first item that has a level: everyday texts, nearly all
 * there is, have none, and nobody asks what else was told as they were.
 */
export function assessing(revisionId: number, now: Date): RawBuilder<unknown> {
  return sql`
    assessed as (
      insert into assessment (item_id, revision_id, rank, score, local, relevant, categories, places, reasons, suppressed, assessed_at)
      select item_id, ${revisionId}, rank, score, local, relevant,
        coalesce(string_to_array(categories, chr(31)), '{}'), coalesce(string_to_array(places, chr(31)), '{}'),
        reasons, suppressed, ${now}::timestamptz
      from input
    ), grouped as (
      select signature, (array_agg(title order by rank desc, item_id))[1] as title, max(rank) as rank, max(score) as score,
        bool_or(relevant) as relevant, count(*)::integer as items, min(collected_at) as first_seen, max(collected_at) as last_seen
      from input where rank > 0 group by signature
    ), upserted as (
      insert into event (signature, title, rank, score, relevant, item_count, first_seen_at, last_seen_at, decide_at)
      select signature, title, rank, score, relevant, items, first_seen, last_seen, case when relevant then ${now}::timestamptz end
      from grouped order by signature
      on conflict (signature) do update set
        rank = greatest(event.rank, excluded.rank), score = greatest(event.score, excluded.score),
        relevant = event.relevant or excluded.relevant, item_count = event.item_count + excluded.item_count,
        first_seen_at = least(event.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(event.last_seen_at, excluded.last_seen_at),
        decide_at = case when event.relevant or excluded.relevant then ${now}::timestamptz end
      returning id, signature, relevant
    ), linked as (
      insert into event_item (item_id, event_id)
      select input.item_id, upserted.id from input join upserted using (signature) where input.rank > 0
    )`;
}

/** Half a surrogate pair, left where a slice ended, would have PostgreSQL refuse the JSON and with it the whole batch. */
function json(value: object): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\ud')) return text;
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part));
}

/** One column per list, since arrays of unequal length cannot be unnested; U+001F never occurs in an id or a place. */
function joined(values: readonly string[]): string | null {
  return values.length === 0 ? null : values.join('\u001f');
}
