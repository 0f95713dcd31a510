import { yearSpan } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { locks } from '../locks.ts';
import { alertVerdict } from './alert-verdict.ts';
import { canaryItems } from './canary.ts';

/** Why an item of an event that a person called a false alarm is struck. */
const falseAlarmNote = '误报';

/**
 * Gives each relevant item of these events its one row in the tally: `counted` for the first of its text, `duplicate` for
 * an exact copy of a counted one, `struck` when a person has called its event a false alarm. What belongs to a drill has none.
 * Idempotent. Returns the number of new rows.
 */
export async function tallyEvents(db: Db, eventIds: readonly number[], now: Date): Promise<number> {
  return tallyWhere(db, sql`ei.event_id = any(${eventIds}::bigint[])`, now);
}

/** The sweep: relevant items that have no row yet, oldest first, at most `limit`. */
export async function tallyLeftItems(db: Db, limit: number, now: Date): Promise<number> {
  const left = sql`ei.item_id in (
    select a.item_id from assessment a where a.relevant and not exists (select 1 from tally t where t.item_id = a.item_id)
      and not exists (select 1 from drill_step d where d.item_id = a.item_id)
    order by a.item_id limit ${limit})`;
  return tallyWhere(db, left, now);
}

function tallyWhere(db: Db, which: ReturnType<typeof sql>, now: Date): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await lockTally(tx);
    return insertTally(tx, which, now);
  });
}

async function lockTally(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.tally})`.execute(tx);
}

async function insertTally(tx: Db, which: ReturnType<typeof sql>, now: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into tally (item_id, year, fingerprint, state, note, at)
    select c.id, c.year, c.fingerprint,
      case when c.false_alarm then 'struck' when c.taken or c.turn > 1 then 'duplicate' else 'counted' end,
      case when c.false_alarm then ${falseAlarmNote} when c.taken or c.turn > 1 then '与已计入的信息内容相同' else '' end,
      ${now}::timestamptz
    from (
      select i.id, i.fingerprint, extract(year from i.collected_at at time zone interval '8 hours') as year,
        exists (select 1 from alert al where al.event_id = ei.event_id and al.outcome = 'false-alarm') as false_alarm,
        exists (select 1 from tally t where t.fingerprint = i.fingerprint and t.state = 'counted') as taken,
        row_number() over (partition by i.fingerprint order by i.id) as turn
      from event_item ei join item i on i.id = ei.item_id
      where ${which}
        and exists (select 1 from assessment a where a.item_id = i.id and a.relevant)
        and not exists (select 1 from tally t where t.item_id = i.id)
        and not exists (select 1 from drill_step d where d.item_id = i.id)
    ) c`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** Strikes the items of an event from the count, after a person called it a false alarm. Part of the closing's transaction. */
export async function strikeEvent(db: Db, eventId: number, note: string, now: Date): Promise<void> {
  // The counter may be about to count these items: whoever comes second sees what the first has written.
  await lockTally(db);
  await sql`
    update tally set state = 'struck', note = ${note}, at = ${now}
    where item_id in (select item_id from event_item where event_id = ${eventId}) and state <> 'struck'`.execute(db);
}

/**
 * After items moved between these events: what belongs to a false alarm now is struck, what no longer does is counted like any other.
 * Each item keeps its one row. Part of the move's transaction.
 */
export async function retallyEvents(tx: Db, eventIds: readonly number[], now: Date): Promise<void> {
  await lockTally(tx);
  const falseAlarm = sql`exists (select 1 from alert al where al.event_id = ei.event_id and al.outcome = 'false-alarm')`;
  const ofThese = sql`ei.item_id = t.item_id and ei.event_id = any(${eventIds}::bigint[])`;
  await sql`
    update tally t set state = 'struck', note = ${falseAlarmNote}, at = ${now} from event_item ei
    where ${ofThese} and t.state <> 'struck' and ${falseAlarm}`.execute(tx);
  await sql`delete from tally t using event_item ei where ${ofThese} and t.state = 'struck' and t.note = ${falseAlarmNote} and not ${falseAlarm}`.execute(
    tx,
  );
  await insertTally(tx, sql`ei.event_id = any(${eventIds}::bigint[])`, now);
}

export interface YearCounts {
  collected: number;
  relevant: number;
  counted: number;
  confirmed: number;
  /** When the first item of the year was collected. */
  since: Date | null;
}

/**
 * The year's counts, recomputed from rows. A story that a person has confirmed is so wherever it was merged into since: to say that two stories
 * are one takes nothing back.
 */
export async function countYear(db: Db, year: number): Promise<YearCounts> {
  const { from, to } = yearSpan(year);
  const { rows } = await sql<YearCounts>`
    select
      (select count(*) from item where collected_at >= ${from} and collected_at < ${to}) - ${canaryItems}
        - (select count(*) from drill_step d join item i on i.id = d.item_id where i.collected_at >= ${from} and i.collected_at < ${to}) as collected,
      (select min(collected_at) from item where collected_at >= ${from} and collected_at < ${to}
        and not exists (select 1 from drill_step d where d.item_id = item.id)) as since,
      (select count(*) from tally where year = ${year}) as relevant,
      (select count(*) from tally where year = ${year} and state = 'counted') as counted,
      (select count(*) from tally t join event_item ei using (item_id)
        where t.year = ${year} and t.state = 'counted' and ei.event_id in (
          select coalesce(e.merged_into, e.id) from alert al join event e on e.id = al.event_id where ${alertVerdict} = 'confirmed')) as confirmed`.execute(
    db,
  );
  return rows[0] ?? { collected: 0, relevant: 0, counted: 0, confirmed: 0, since: null };
}

export interface TallyRow {
  itemId: number;
  eventId: number;
  title: string;
  source: string;
  collectedAt: Date;
  state: 'counted' | 'duplicate' | 'struck';
  note: string;
}

/** What stands behind a year's figure, row by row, in the order of item ids after `after`. */
export async function listTally(
  db: Db,
  options: { year: number; state?: TallyRow['state']; after: number; limit: number },
): Promise<TallyRow[]> {
  const { rows } = await sql<TallyRow>`
    select t.item_id as "itemId", ei.event_id as "eventId", i.title, s.name as source, i.collected_at as "collectedAt", t.state, t.note
    from tally t join item i on i.id = t.item_id join source s on s.id = i.source_id join event_item ei on ei.item_id = t.item_id
    where t.year = ${options.year} and t.item_id > ${options.after} and (${options.state ?? null}::text is null or t.state = ${options.state ?? null})
    order by t.item_id limit ${options.limit}`.execute(db);
  return rows;
}
