import {
  type AuthorKind,
  type BroughtKind,
  type ConditionKind,
  type Coverage,
  canaryKind,
  conditionKinds,
  type Rhythm,
  type Source,
} from '@guanlan/domain';
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
  /** Bounds of the interval it may adapt to; derived from `everySeconds` when left out (`boundsOf`). */
  minSeconds?: number | null;
  maxSeconds?: number | null;
}

/** A source as the crawler fetches it: its definition plus what it wants to see again. */
export interface DueSource extends Source {
  cursor: Record<string, unknown>;
  /** Failures in a row so far. */
  failures: number;
  minSeconds: number | null;
  maxSeconds: number | null;
  /** What was learned of how often it brings something new; null before the first check. */
  rhythm: Rhythm | null;
  /** Between its last check and the next; null before the first. */
  intervalSeconds: number | null;
  lastSuccessAt: Date | null;
  /** Permanent redirects seen in a row, all to one address. */
  moved: { to: string; times: number; since: Date } | null;
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
      min_seconds: source.minSeconds ?? null,
      max_seconds: source.maxSeconds ?? null,
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
 * The row that stands for what nobody fetches (a token, an import, a reporting unit), made on first use and paused, so that the
 * crawler leaves it alone. A row that exists takes on `local` when that is given.
 */
export async function broughtSource(
  db: Db,
  { local, ...brought }: { kind: BroughtKind | typeof canaryKind; name: string; url: string; local?: boolean | undefined },
  now: Date,
): Promise<number> {
  const source = { ...brought, options: {}, allowPrivate: false, authorKind: 'unknown', everySeconds: 604_800 } as const;
  const { id, added } = await addSource(db, { ...source, local: local ?? false });
  if (added) await setSourcePaused(db, id, true, now);
  else if (local !== undefined) await db.updateTable('source').set({ local }).where('id', '=', id).where('local', '<>', local).execute();
  return id;
}

/** Notes that something new was brought now. */
export async function recordBrought(db: Db, sourceId: number, newItems: number, at: Date): Promise<void> {
  await db
    .updateTable('source')
    .set({ last_checked_at: at, last_success_at: at, ...(newItems > 0 ? { last_new_item_at: at } : {}) })
    .where('id', '=', sourceId)
    .execute();
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
    minSeconds: r.min_seconds,
    maxSeconds: r.max_seconds,
    rhythm: r.arrivals === null || r.observed_seconds === null ? null : { arrivals: r.arrivals, observedSeconds: r.observed_seconds },
    intervalSeconds: r.interval_seconds,
    lastSuccessAt: r.last_success_at,
    moved: r.moved_to === null || r.moved_since === null ? null : { to: r.moved_to, times: r.moved_times, since: r.moved_since },
  }));
}

export interface SourceRow {
  id: number;
  kind: string;
  name: string;
  url: string;
  options: Record<string, unknown>;
  local: boolean;
  allowPrivate: boolean;
  authorKind: AuthorKind;
  everySeconds: number;
  /** Bounds of its own; null where they follow from `everySeconds`. */
  minSeconds: number | null;
  maxSeconds: number | null;
  paused: boolean;
  createdAt: Date;
  lastCheckedAt: Date | null;
  lastSuccessAt: Date | null;
  lastNewItemAt: Date | null;
  nextCheckAt: Date;
  failingSince: Date | null;
  failures: number;
  faultCode: string | null;
  faultMessage: string | null;
  items: number;
  /** Between its last check and the next; null before the first. */
  intervalSeconds: number | null;
  /** Why the program itself stopped watching; null when it did not. */
  pauseReason: string | null;
  /** Of its last week, measured once an hour; null before the first time and for what a person paused. */
  coverage: Coverage | null;
  /** What is the matter with it, most grave first, as it was last assessed. */
  conditions: { kind: ConditionKind; since: Date; sentence: string }[];
}

/** Every source with its health and how many items it has brought. */
export async function listSources(db: Db): Promise<SourceRow[]> {
  return sourceRows(db);
}

/** One source that is not removed, or null. */
export async function getSource(db: Db, id: number): Promise<SourceRow | null> {
  return (await sourceRows(db, id))[0] ?? null;
}

async function sourceRows(db: Db, id?: number): Promise<SourceRow[]> {
  const rows = await db
    .selectFrom('source')
    .leftJoin(
      (eb) =>
        eb
          .selectFrom('item')
          .select(['source_id', eb.fn.countAll<number>().as('items')])
          .$if(id !== undefined, (query) => query.where('source_id', '=', id ?? 0))
          .groupBy('source_id')
          .as('c'),
      (join) => join.onRef('c.source_id', '=', 'source.id'),
    )
    .selectAll('source')
    .select('c.items')
    .select((eb) =>
      eb
        .selectFrom('source_condition as sc')
        .select(
          sql<{ kind: ConditionKind; since: string; sentence: string }[]>`json_agg(json_build_object(
            'kind', sc.kind, 'since', sc.since, 'sentence', sc.sentence))`.as('all'),
        )
        .whereRef('sc.source_id', '=', 'source.id')
        .where('sc.resolved_at', 'is', null)
        .as('conditions'),
    )
    .where('removed_at', 'is', null)
    .where('kind', '<>', canaryKind)
    .$if(id !== undefined, (query) => query.where('source.id', '=', id ?? 0))
    .orderBy('source.id')
    .execute();
  return rows.map((r) => ({
    ...{ id: r.id, kind: r.kind, name: r.name, url: r.url, options: r.options, local: r.local, allowPrivate: r.allow_private },
    ...{ authorKind: r.author_kind, everySeconds: r.every_seconds, minSeconds: r.min_seconds, maxSeconds: r.max_seconds },
    ...{ paused: r.paused_at !== null, createdAt: r.created_at, lastCheckedAt: r.last_checked_at, lastSuccessAt: r.last_success_at },
    ...{ lastNewItemAt: r.last_new_item_at, nextCheckAt: r.next_check_at, failingSince: r.failing_since, failures: r.failures },
    ...{ faultCode: r.fault_code, faultMessage: r.fault_message, items: r.items ?? 0, intervalSeconds: r.interval_seconds },
    pauseReason: r.pause_reason,
    coverage:
      r.coverage_expected === null || r.coverage_watched === null || (r.paused_at !== null && r.pause_reason === null)
        ? null
        : { expected: r.coverage_expected, watched: r.coverage_watched },
    conditions: (r.conditions ?? [])
      .map((condition) => ({ ...condition, since: new Date(condition.since) }))
      .sort((a, b) => conditionKinds.indexOf(a.kind) - conditionKinds.indexOf(b.kind)),
  }));
}

/**
 * Pauses or resumes; a resumed source is due at once. Nobody is told any more of what is the matter with one that a person paused.
 * Returns whether such a source exists.
 */
export async function setSourcePaused(db: Db, id: number, paused: boolean, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('source')
    .set(paused ? { paused_at: now } : { paused_at: null, pause_reason: null, next_check_at: now, rung_at: null })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (paused) {
    const ended = { resolved_at: now, told_resolved_at: now };
    await db.updateTable('source_condition').set(ended).where('source_id', '=', id).where('resolved_at', 'is', null).execute();
  }
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
