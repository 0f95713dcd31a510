import { type CanaryState, canaryKind } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { broughtSource } from './source.ts';

/** How many items are canaries in flight (none or one): what every count of items leaves out. */
export const canaryItems = sql<number>`(select count(*) from item where source_id = (select source_id from canary))`;

/**
 * Takes the next flight for this process, if one is due and none is in the air: one process launches, however many there are. Returns
 * the source the canary belongs to.
 */
export async function launchCanary(db: Db, { now, everyMs }: { now: Date; everyMs: number }): Promise<number | null> {
  return db.transaction().execute(async (tx) => {
    const known = await tx.selectFrom('canary').select('source_id').executeTakeFirst();
    if (!known) {
      const sourceId = await broughtSource(tx, { kind: canaryKind, name: '自检', url: 'canary:' }, now);
      await sql`insert into canary (source_id, since) values (${sourceId}, ${now}) on conflict do nothing`.execute(tx);
    }
    const { rows } = await sql<{ sourceId: number }>`
      update canary set launched_at = ${now}, fault = null
      where (launched_at is null or launched_at <= ${new Date(now.getTime() - everyMs)})
        and not exists (select 1 from item where source_id = canary.source_id)
      returning source_id as "sourceId"`.execute(tx);
    return rows[0]?.sourceId ?? null;
  });
}

/** Notes why the flight just launched never took off. */
export async function failCanary(db: Db, fault: string): Promise<void> {
  await db.updateTable('canary').set({ fault }).execute();
}

/**
 * Takes back the canary that was judged, with everything that was made of it. It came back well when it was judged to be nothing:
 * `bad` is noted where it was not, or could not be judged. Returns whether one was taken back.
 */
export async function landCanary(db: Db, { now, bad }: { now: Date; bad: string }): Promise<boolean> {
  const { rows } = await sql<{ landed: number }>`
    with landed as materialized (
      select i.id, ei.event_id, not exists (
        select 1 from assessment a where a.item_id = i.id and (a.rank > 0 or a.relevant or a.suppressed is not null)) as well
      from canary c join item i on i.source_id = c.source_id left join event_item ei on ei.item_id = i.id
      where exists (select 1 from assessment a where a.item_id = i.id)
    ), assessments as (
      delete from assessment where item_id in (select id from landed)
    ), waiting as (
      delete from event_pending where item_id in (select id from landed)
    ), links as (
      delete from event_item where item_id in (select id from landed)
    ), shared as (
      update event set item_count = item_count - 1 where id in (select event_id from landed) and item_count > 1
    ), events as (
      delete from event where id in (select event_id from landed) and item_count <= 1
    ), items as (
      delete from item where id in (select id from landed)
    ), noted as (
      update canary set
        back_at = case when (select bool_and(well) from landed) then ${now} else back_at end,
        took_ms = case when (select bool_and(well) from landed) then extract(epoch from ${now}::timestamptz - launched_at) * 1000 else took_ms end,
        fault = case when (select bool_and(well) from landed) then null else ${bad} end
      where exists (select 1 from landed)
    )
    select count(*) as landed from landed`.execute(db);
  return (rows[0]?.landed ?? 0) > 0;
}

/** Null before the first was ever launched. */
export async function readCanary(db: Db): Promise<CanaryState | null> {
  const { rows } = await sql<CanaryState>`
    select since, launched_at as "launchedAt", fault, back_at as "backAt", took_ms as "tookMs",
      exists (select 1 from item where source_id = canary.source_id) as flying
    from canary`.execute(db);
  return rows[0] ?? null;
}
