import { sql } from 'kysely';

/** A merge closed it, with the number of the one that goes on; nobody said what it was. */
const closedByMerge = sql`(al.closed_at is not null and exists (
  select 1 from event_entry m where m.event_id = al.event_id and m.kind = 'merged-into' and m.at = al.closed_at))`;

const everVerified = sql`exists (
  select 1 from alert_entry v where v.alert_id = al.id and v.kind in ('verified', 'assigned', 'answered'))`;

/**
 * How an alert `al` came out, for the yearly count, for precision and for what is learned. Verified, assigned or answered is confirmed, and
 * so is every closed one that was not called a false alarm, unless it was only closed because its event was merged into another.
 */
export const alertVerdict = sql<'confirmed' | 'false' | 'open'>`
  case when al.outcome = 'false-alarm' then 'false'
    when al.state in ('verified', 'assigned', 'answered') then 'confirmed'
    when al.outcome is not null and (${everVerified} or not ${closedByMerge}) then 'confirmed' else 'open' end`;
