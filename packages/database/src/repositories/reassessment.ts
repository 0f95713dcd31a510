import { type Assessment, type AuthorKind, levelRank } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** How far the judging anew of the stored items has come. Counts are of items. */
export interface Reassessment {
  revisionId: number;
  requestedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  total: number;
  done: number;
  raised: number;
  lowered: number;
}

/** Asks for the stored items to be judged anew under a revision that was just published. Part of the publication's transaction. */
export async function requestReassessment(tx: Db, revisionId: number, now: Date): Promise<void> {
  await tx
    .insertInto('reassessment')
    .values({ revision_id: revisionId, requested_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** That of the revision in force; null when none was asked for. */
export async function readReassessment(db: Db): Promise<Reassessment | null> {
  const { rows } = await sql<Reassessment>`
    select revision_id as "revisionId", requested_at as "requestedAt", started_at as "startedAt", finished_at as "finishedAt",
      total, least(done, total) as done, raised, lowered
    from reassessment where revision_id = (select max(id) from lexicon_revision)`.execute(db);
  return rows[0] ?? null;
}

/** A stretch of work on the newest revision's reassessment. */
export interface ReassessmentWork {
  revisionId: number;
  watermark: number;
  started: boolean;
}

/**
 * Locks the reassessment of the revision in force until the transaction ends, if it is unfinished, was asked for before
 * `requestedBefore`, and nobody else is at it.
 */
export async function claimReassessment(tx: Db, requestedBefore: Date): Promise<ReassessmentWork | null> {
  const { rows } = await sql<ReassessmentWork>`
    select revision_id as "revisionId", watermark, started_at is not null as started from reassessment
    where revision_id = (select max(id) from lexicon_revision) and finished_at is null and requested_at <= ${requestedBefore}
    for update skip locked`.execute(tx);
  return rows[0] ?? null;
}

/** Notes that the work begins, and how many items there are to judge. */
export async function startReassessment(tx: Db, revisionId: number, now: Date): Promise<void> {
  await sql`
    update reassessment set started_at = ${now}, total = (select count(distinct item_id) from assessment where revision_id < ${revisionId})
    where revision_id = ${revisionId}`.execute(tx);
}

export interface JudgedItem {
  id: number;
  title: string;
  text: string;
  authorKind: AuthorKind;
  sourceLocal: boolean;
}

/**
 * Items after `after` that were judged under an older revision only, in the order of their ids. An item that is still pending
 * belongs to the classifier; one whose text was deleted keeps the judgement it has.
 */
export async function loadItemsToReassess(
  tx: Db,
  { revisionId, after, limit }: { revisionId: number; after: number; limit: number },
): Promise<JudgedItem[]> {
  const { rows } = await sql<JudgedItem>`
    select i.id, i.title, i.text, i.author_kind as "authorKind", s.local as "sourceLocal"
    from item i join source s on s.id = i.source_id
    where i.id > ${after} and (i.title <> '' or i.text <> '')
      and exists (select 1 from assessment a where a.item_id = i.id)
      and not exists (select 1 from assessment a where a.item_id = i.id and a.revision_id >= ${revisionId})
      and not exists (select 1 from item_pending p where p.item_id = i.id)
    order by i.id limit ${limit}`.execute(tx);
  return rows;
}

export interface NewReassessment {
  itemId: number;
  relevant: boolean;
  assessment: Assessment;
}

/**
 * Appends the assessments of a batch and moves the watermark: one commit with the claim, so that a run cut short is resumed and
 * nothing is judged twice. What rose, or tells of an event now, waits for its event to be found or graded anew; an event's rank only rises.
 */
export async function saveReassessments(tx: Db, revisionId: number, batch: readonly NewReassessment[], now: Date): Promise<void> {
  const a = batch.map((one) => one.assessment);
  const { rows } = await sql<{ raised: boolean; lowered: boolean }>`
    with input as (
      select * from unnest(
        ${batch.map((one) => one.itemId)}::bigint[], ${batch.map((one) => one.relevant)}::boolean[],
        ${a.map((x) => levelRank(x.level))}::smallint[], ${a.map((x) => x.score)}::real[], ${a.map((x) => x.local)}::boolean[],
        ${a.map((x) => JSON.stringify(x.categories))}::jsonb[], ${a.map((x) => JSON.stringify(x.places))}::jsonb[],
        ${a.map((x) => listed(x.reasons))}::jsonb[], ${a.map((x) => listed(x.suppressed))}::jsonb[]
      ) as n (item_id, relevant, rank, score, local, categories, places, reasons, suppressed)
    ), appended as (
      insert into assessment (item_id, revision_id, rank, score, local, relevant, categories, places, reasons, suppressed, assessed_at)
      select item_id, ${revisionId}, rank, score, local, relevant, array(select jsonb_array_elements_text(categories)),
        array(select jsonb_array_elements_text(places)), reasons, suppressed, ${now}::timestamptz
      from input on conflict do nothing
    ), before as (
      select n.item_id, n.relevant, n.rank, old.rank as old_rank, old.relevant as old_relevant from input n
      cross join lateral (select rank, relevant from assessment x where x.item_id = n.item_id order by revision_id desc limit 1) old
    ), waiting as (
      insert into event_pending (item_id)
      select b.item_id from before b
      where b.rank > b.old_rank or (b.relevant and not b.old_relevant)
        or (b.rank > 0 and not exists (select 1 from event_item ei where ei.item_id = b.item_id))
      on conflict do nothing
    )
    select rank > old_rank as raised, rank < old_rank as lowered from before`.execute(tx);
  await sql`
    update reassessment set watermark = ${batch.at(-1)?.itemId ?? 0}, done = done + ${batch.length}::integer,
      raised = raised + ${rows.filter((row) => row.raised).length}::integer, lowered = lowered + ${rows.filter((row) => row.lowered).length}::integer
    where revision_id = ${revisionId}`.execute(tx);
}

/** Begins another pass over the items, for those that somebody else was holding; ends the work when a whole pass found none. */
export async function endReassessmentPass(tx: Db, { revisionId, watermark }: ReassessmentWork, now: Date): Promise<void> {
  await tx
    .updateTable('reassessment')
    .set(watermark === 0 ? { finished_at: now } : { watermark: 0 })
    .where('revision_id', '=', revisionId)
    .execute();
}

/** More new items than this wait for the classifier: what is old can wait. */
export async function isBusy(db: Db, pending: number): Promise<boolean> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from (select 1 from item_pending limit ${pending + 1}) p`.execute(
    db,
  );
  return (rows[0]?.count ?? 0) > pending;
}

function listed(values: readonly object[]): string | null {
  if (values.length === 0) return null;
  // Half a surrogate pair, left where a slice ended, is no JSON for PostgreSQL.
  return JSON.stringify(values, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part));
}
