import { type AuthorKind, GuanlanError } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** What a person may change of a source; what is left out stays. Its kind never changes: that is another source. */
export interface SourceChange {
  name?: string | undefined;
  url?: string | undefined;
  options?: Record<string, unknown> | undefined;
  local?: boolean | undefined;
  allowPrivate?: boolean | undefined;
  authorKind?: AuthorKind | undefined;
  rhythm?: { everySeconds: number; minSeconds: number | null; maxSeconds: number | null } | undefined;
}

/**
 * Changes a source. Where something else is read from now on (another address, other options), what was learned of the old is no
 * measure for the new: validators, checks and open conditions go, a stop by the program ends, and it is due at once unless a person paused it.
 *
 * @throws GuanlanError `not-found`; `conflict` when another source of this kind has the address already
 */
export async function changeSource(tx: Db, id: number, change: SourceChange, now: Date): Promise<void> {
  const { name, url, options, local, allowPrivate, authorKind, rhythm } = change;
  const row = await tx
    .selectFrom('source')
    .select(['kind', 'url', sql<string>`options::text`.as('options')])
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row) throw new GuanlanError('not-found', `没有编号为 ${id} 的信息源。`);
  if (url !== undefined && url !== row.url) await requireFree(tx, row.kind, url);
  await tx
    .updateTable('source')
    .set({
      ...(name === undefined ? {} : { name }),
      ...(url === undefined ? {} : { url }),
      ...(options === undefined ? {} : { options: JSON.stringify(options) }),
      ...(local === undefined ? {} : { local }),
      ...(allowPrivate === undefined ? {} : { allow_private: allowPrivate }),
      ...(authorKind === undefined ? {} : { author_kind: authorKind }),
      ...(rhythm === undefined
        ? {}
        : { every_seconds: rhythm.everySeconds, min_seconds: rhythm.minSeconds, max_seconds: rhythm.maxSeconds }),
    })
    .where('id', '=', id)
    .execute();
  const { changed } = await tx
    .selectFrom('source')
    .select(sql<boolean>`url <> ${row.url} or options <> ${row.options}::jsonb`.as('changed'))
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  if (changed) await beginAnew(tx, id, url === undefined || url === row.url ? null : { from: row.url, to: url }, now);
}

async function requireFree(tx: Db, kind: string, url: string): Promise<void> {
  const taken = await tx
    .selectFrom('source')
    .select('id')
    .where('kind', '=', kind)
    .where('url', '=', url)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (taken) throw new GuanlanError('conflict', `信息源 ${taken.id} 已经是这个网址。`);
}

async function beginAnew(tx: Db, id: number, moved: { from: string; to: string } | null, now: Date): Promise<void> {
  await sql`
    update source set cursor = '{}', next_check_at = ${now}, rung_at = null, failing_since = null, failures = 0, fault_code = null,
      fault_message = null, moved_to = null, moved_times = 0, moved_since = null, robots_digest = null, robots_changed_at = null,
      certificate_expires_at = null, paused_at = case when pause_reason is null then paused_at end, pause_reason = null
    where id = ${id}`.execute(tx);
  await sql`delete from source_check where source_id = ${id}`.execute(tx);
  await sql`update source_condition set resolved_at = ${now}, told_resolved_at = ${now} where source_id = ${id} and resolved_at is null`.execute(
    tx,
  );
  const note = moved === null ? '改了读取的选项，重新开始观察' : `改了网址，重新开始观察：${moved.from} → ${moved.to}`;
  await tx.insertInto('source_entry').values({ source_id: id, at: now, kind: 'edited', note }).execute();
}
