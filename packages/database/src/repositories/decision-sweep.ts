import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/**
 * Events of direct reports that no decision has seen: marks them as waiting for one. The rules may say nothing of such a report, and
 * then nobody rings for it. The sweep's work.
 */
export async function claimReportedEvents(db: Db, options: { now: Date; limit: number }): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    update event set decide_at = ${options.now}
    where decide_at is null and id in (
      select ei.event_id from report_pending p join event_item ei on ei.item_id = p.item_id order by p.report_id limit ${options.limit})
    returning id`.execute(db);
  return rows.map((row) => row.id).sort((a, b) => a - b);
}

/** Events left behind: waiting for a decision for longer than `staleMs`. Marks them as rung for again. The sweep's work. */
export async function claimLeftEvents(db: Db, options: { now: Date; staleMs: number; limit: number }): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    update event set decide_at = ${options.now}
    where id in (
      select id from event where decide_at < ${new Date(options.now.getTime() - options.staleMs)}
      order by decide_at limit ${options.limit} for no key update skip locked)
    returning id`.execute(db);
  return rows.map((row) => row.id).sort((a, b) => a - b);
}
