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
 * nothing is judged twice. An event's rank only rises. A decision is asked for where it did, unless the story is older than
 * `decideSince` or a person has closed a case about it: history does not call anybody. Returns the events to ring for.
 */
export async function saveReassessments(
  tx: Db,
  revisionId: number,
  batch: readonly NewReassessment[],
  { now, decideSince }: { now: Date; decideSince: Date },
): Promise<number[]> {
  const a = batch.map((one) => one.assessment);
  const { rows } = await sql<{ id: number | null; raised: boolean; lowered: boolean }>`
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
      select n.item_id, n.relevant, n.rank, n.score, old.rank as old_rank from input n
      cross join lateral (select rank from assessment x where x.item_id = n.item_id order by revision_id desc limit 1) old
    ), told as (
      select ei.event_id, max(b.rank) as rank, max(b.score) as score, bool_or(b.relevant) as relevant
      from before b join event_item ei using (item_id) group by ei.event_id
    ), locked as (
      select e.id from event e join told t on t.event_id = e.id
      where t.rank > e.rank or (t.relevant and not e.relevant) order by e.signature for no key update of e
    ), risen as (
      update event e set rank = greatest(e.rank, t.rank), score = greatest(e.score, t.score), relevant = e.relevant or t.relevant,
        decide_at = case when (e.relevant or t.relevant) and e.last_seen_at >= ${decideSince}
          and not exists (select 1 from alert al where al.event_id = e.id and al.closed_at is not null)
          then ${now}::timestamptz else e.decide_at end
      from told t join locked on locked.id = t.event_id where e.id = t.event_id returning e.id
    )
    select case when b.relevant then ei.event_id end as id, b.rank > b.old_rank as raised, b.rank < b.old_rank as lowered
    from before b left join event_item ei using (item_id) left join risen on risen.id = ei.event_id`.execute(tx);
  await sql`
    update reassessment set watermark = ${batch.at(-1)?.itemId ?? 0}, done = done + ${batch.length}::integer,
      raised = raised + ${rows.filter((row) => row.raised).length}::integer, lowered = lowered + ${rows.filter((row) => row.lowered).length}::integer
    where revision_id = ${revisionId}`.execute(tx);
  return [...new Set(rows.flatMap((row) => row.id ?? []))];
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
