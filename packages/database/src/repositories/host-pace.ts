import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Hosts whose turn has long passed are forgotten in this many reservations, on average. */
const sweepEvery = 5_000;

/**
 * Books the next free start of a request to a host, `intervalMs` after the one booked before it, for all processes that share
 * this database; by the database's clock, so that theirs may differ. Returns the milliseconds to wait; null, and books nothing,
 * when that would be more than `maxWaitMs`.
 */
export async function reserveHostStart(
  db: Db,
  reservation: { hostname: string; intervalMs: number; maxWaitMs: number },
): Promise<number | null> {
  const { hostname, intervalMs, maxWaitMs } = reservation;
  const interval = sql`make_interval(secs => ${intervalMs / 1_000}::float8)`;
  const { rows } = await sql<{ waitMs: number }>`
    insert into host_pace as p (hostname, next_start) values (${hostname}, clock_timestamp() + ${interval})
    on conflict (hostname) do update set next_start = greatest(p.next_start, clock_timestamp()) + ${interval}
      where p.next_start <= clock_timestamp() + make_interval(secs => ${maxWaitMs / 1_000}::float8)
    returning extract(epoch from next_start - ${interval} - clock_timestamp())::float8 * 1000 as "waitMs"`.execute(db);
  if (Math.random() * sweepEvery < 1) await sql`delete from host_pace where next_start < clock_timestamp() - interval '1 hour'`.execute(db);
  const [row] = rows;
  return row === undefined ? null : Math.max(0, row.waitMs);
}
