import type { AuthorKind, Source } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export interface NewSource {
  kind: string;
  name: string;
  url: string;
  options: Record<string, unknown>;
  local: boolean;
  allowPrivate: boolean;
  authorKind: AuthorKind;
  everySeconds: number;
}

/** A source as the crawler fetches it: its definition plus what it wants to see again. */
export interface DueSource extends Source {
  cursor: Record<string, unknown>;
  /** Failures in a row so far. */
  failures: number;
}

/** Adds a source, or returns the id of the one that already has this kind and address. */
export async function addSource(db: Db, source: NewSource): Promise<{ id: number; added: boolean }> {
  const inserted = await db
    .insertInto('source')
    .values({
      kind: source.kind,
      name: source.name,
      url: source.url,
      options: JSON.stringify(source.options),
      local: source.local,
      allow_private: source.allowPrivate,
      author_kind: source.authorKind,
      every_seconds: source.everySeconds,
    })
    .onConflict((oc) => oc.columns(['kind', 'url']).where('removed_at', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted) return { id: inserted.id, added: true };
  const existing = await db
    .selectFrom('source')
    .select('id')
    .where('kind', '=', source.kind)
    .where('url', '=', source.url)
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return { id: existing.id, added: false };
}

/**
 * Claims up to `limit` sources that are due and marks them as rung for. One that was rung for but never checked
 * (its message was lost, its worker died) becomes due again after `staleMs`.
 */
export async function claimDueSources(db: Db, options: { now: Date; limit: number; staleMs: number }): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    update source set rung_at = ${options.now}
    where id in (
      select id from source
      where paused_at is null and removed_at is null and next_check_at <= ${options.now}
        and (rung_at is null or rung_at < ${new Date(options.now.getTime() - options.staleMs)})
      order by next_check_at limit ${options.limit} for update skip locked)
    returning id`.execute(db);
  return rows.map((r) => r.id);
}

/** The named sources that are still to be checked (not paused, not removed); with `dueBy`, only those that are due by then. */
export async function loadSources(db: Db, ids: readonly number[], dueBy?: Date): Promise<DueSource[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('source')
    .selectAll()
    .where('id', 'in', ids)
    .where('paused_at', 'is', null)
    .where('removed_at', 'is', null)
    .$if(dueBy !== undefined, (query) => query.where('next_check_at', '<=', dueBy as Date))
    .execute();
  return rows.map((r) => ({
    id: r.id,
    kind: r.kind,
    name: r.name,
    url: r.url,
    options: r.options,
    local: r.local,
    allowPrivate: r.allow_private,
    authorKind: r.author_kind,
    everySeconds: r.every_seconds,
    cursor: r.cursor,
    failures: r.failures,
  }));
}

export interface SourceCheck {
  sourceId: number;
  at: Date;
  nextCheckAt: Date;
  newItems: number;
  /** Kept when undefined. */
  cursor?: Record<string, unknown>;
}

/** Records that sources answered, and clears their faults: one statement, however many. */
export async function recordSourceSuccesses(db: Db, checks: readonly SourceCheck[]): Promise<void> {
  if (checks.length === 0) return;
  await sql`
    update source set
      last_checked_at = n.at, last_success_at = n.at, next_check_at = n.next_check_at, rung_at = null,
      failing_since = null, failures = 0, fault_code = null, fault_message = null,
      last_new_item_at = case when n.new_items > 0 then n.at else source.last_new_item_at end,
      cursor = coalesce(n.cursor, source.cursor)
    from unnest(
      ${checks.map((c) => c.sourceId)}::bigint[], ${checks.map((c) => c.at)}::timestamptz[], ${checks.map((c) => c.nextCheckAt)}::timestamptz[],
      ${checks.map((c) => c.newItems)}::integer[], ${checks.map((c) => (c.cursor === undefined ? null : storableJson(c.cursor)))}::jsonb[]
    ) as n (id, at, next_check_at, new_items, cursor)
    where source.id = n.id`.execute(db);
}

/** Records why a source could not be read; `failing_since` keeps the first failure of the series. */
export async function recordSourceFault(
  db: Db,
  fault: { sourceId: number; at: Date; nextCheckAt: Date; code: string; message: string },
): Promise<void> {
  await db
    .updateTable('source')
    .set((eb) => ({
      last_checked_at: fault.at,
      next_check_at: fault.nextCheckAt,
      rung_at: null,
      failing_since: eb.fn.coalesce('failing_since', eb.val(fault.at)),
      failures: eb('failures', '+', 1),
      fault_code: fault.code,
      fault_message: storable(fault.message.slice(0, 500)),
    }))
    .where('id', '=', fault.sourceId)
    .execute();
}

export interface SourceRow {
  id: number;
  kind: string;
  name: string;
  url: string;
  local: boolean;
  allowPrivate: boolean;
  everySeconds: number;
  paused: boolean;
  lastCheckedAt: Date | null;
  lastSuccessAt: Date | null;
  lastNewItemAt: Date | null;
  nextCheckAt: Date;
  failingSince: Date | null;
  failures: number;
  faultCode: string | null;
  faultMessage: string | null;
  items: number;
}

/** Every source with its health and how many items it has brought. */
export async function listSources(db: Db): Promise<SourceRow[]> {
  const rows = await db
    .selectFrom('source')
    .leftJoin(
      (eb) =>
        eb
          .selectFrom('item')
          .select(['source_id', eb.fn.countAll<number>().as('items')])
          .groupBy('source_id')
          .as('c'),
      (join) => join.onRef('c.source_id', '=', 'source.id'),
    )
    .selectAll('source')
    .select('c.items')
    .where('removed_at', 'is', null)
    .orderBy('source.id')
    .execute();
  return rows.map((r) => ({
    id: r.id,
    kind: r.kind,
    name: r.name,
    url: r.url,
    local: r.local,
    allowPrivate: r.allow_private,
    everySeconds: r.every_seconds,
    paused: r.paused_at !== null,
    lastCheckedAt: r.last_checked_at,
    lastSuccessAt: r.last_success_at,
    lastNewItemAt: r.last_new_item_at,
    nextCheckAt: r.next_check_at,
    failingSince: r.failing_since,
    failures: r.failures,
    faultCode: r.fault_code,
    faultMessage: r.fault_message,
    items: r.items ?? 0,
  }));
}

/** Pauses or resumes; a resumed source is due at once. Returns whether such a source exists. */
export async function setSourcePaused(db: Db, id: number, paused: boolean, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('source')
    .set(paused ? { paused_at: now } : { paused_at: null, next_check_at: now, rung_at: null })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Stops watching; what it brought stays. Returns whether such a source existed. */
export async function removeSource(db: Db, id: number, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('source')
    .set({ removed_at: now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Makes sources due now. Returns how many. */
export async function makeSourcesDue(db: Db, ids: readonly number[], now: Date): Promise<number> {
  if (ids.length === 0) return 0;
  const result = await db
    .updateTable('source')
    .set({ next_check_at: now, rung_at: null })
    .where('id', 'in', ids)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** PostgreSQL holds neither NUL nor, in JSON, lone surrogates; a server may put both into what it calls itself. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

function storableJson(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storable(part) : part));
}
