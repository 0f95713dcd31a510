import { type Assessment, levelRank } from '@guanlan/domain';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connect.ts';

/** What one revision says of one item, before it is stored. */
export interface Judgement {
  /** Has a level and is about this county, by its text or by its source. */
  relevant: boolean;
  /** May tell the story of an event: its event is looked for. */
  grouped: boolean;
  assessment: Assessment;
}

export interface NewAssessment extends Judgement {
  itemId: number;
}

/**
 * Writes the assessments of a batch and clears its items from the pending list: one statement, one commit. An item that is no
 * longer pending was assessed by somebody else meanwhile and is left out, so a message delivered twice changes nothing.
 * Returns how many items now wait for their event.
 */
export async function saveAssessments(db: Db, revisionId: number, batch: readonly NewAssessment[], now: Date): Promise<number> {
  if (batch.length === 0) return 0;
  const { rows } = await sql<{ waiting: number }>`
    with claimed as (
      delete from item_pending where item_id = any(${batch.map((b) => b.itemId)}::bigint[]) returning item_id
    ), input as (
      select n.*
      from unnest(${batch.map((b) => b.itemId)}::bigint[], ${judgementArrays(batch)}) as n (item_id, ${judgementColumns})
      join claimed using (item_id)
    ), ${assessing(revisionId, now)}
    select count(*)::integer as waiting from waiting`.execute(db);
  return rows[0]?.waiting ?? 0;
}

export const judgementColumns = sql`grouped, relevant, rank, score, local, categories, places, reasons, suppressed`;

/** One array per column of {@link judgementColumns}, to be unnested. */
export function judgementArrays(batch: readonly Judgement[]): RawBuilder<unknown> {
  const a = batch.map((b) => b.assessment);
  return sql`
    ${batch.map((b) => b.grouped)}::boolean[], ${batch.map((b) => b.relevant)}::boolean[],
    ${a.map((x) => levelRank(x.level))}::smallint[], ${a.map((x) => x.score)}::real[], ${a.map((x) => x.local)}::boolean[],
    ${a.map((x) => joined(x.categories))}::text[], ${a.map((x) => joined(x.places))}::text[],
    ${a.map((x) => (x.reasons.length > 0 ? json(x.reasons) : null))}::jsonb[],
    ${a.map((x) => (x.suppressed.length > 0 ? json(x.suppressed) : null))}::jsonb[]`;
}

/** The steps from `input` (item_id and {@link judgementColumns}) to stored assessments; the last is `waiting`, what waits for its event. */
export function assessing(revisionId: number, now: Date): RawBuilder<unknown> {
  return sql`
    assessed as (
      insert into assessment (item_id, revision_id, rank, score, local, relevant, categories, places, reasons, suppressed, assessed_at)
      select item_id, ${revisionId}, rank, score, local, relevant,
        coalesce(string_to_array(categories, chr(31)), '{}'), coalesce(string_to_array(places, chr(31)), '{}'),
        reasons, suppressed, ${now}::timestamptz
      from input
    ), waiting as (
      insert into event_pending (item_id) select item_id from input where grouped on conflict do nothing returning item_id
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
