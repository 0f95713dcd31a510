import type { AlertPolicy, AlertState, CaseHistory, CaseStep, DeadlineKind } from '@guanlan/domain';
import { levelOfRank } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** What a case's clocks are computed from, but for its categories, and the rules it was opened under (null: those in force). */
export interface ClockRow {
  history: Omit<CaseHistory, 'categories'>;
  policy: AlertPolicy | null;
}

/** By alert id; two statements, however many. */
export async function loadClocks(db: Db, alertIds: readonly number[]): Promise<Map<number, ClockRow>> {
  if (alertIds.length === 0) return new Map();
  const { rows: alerts } = await sql<{ id: number; rank: number; openedAt: Date; closedAt: Date | null; policy: AlertPolicy | null }>`
    select al.id, al.rank, al.opened_at as "openedAt", al.closed_at as "closedAt", p.body as policy
    from alert al left join alert_policy p on p.id = al.policy_id where al.id = any(${alertIds}::bigint[])`.execute(db);
  const { rows: entries } = await sql<EntryRow>`
    select alert_id as "alertId", at, kind, data from alert_entry
    where alert_id = any(${alertIds}::bigint[]) and kind = any(${clockKinds}::text[]) order by id`.execute(db);
  const byAlert = Map.groupBy(entries, ({ alertId }) => alertId);
  return new Map(
    alerts.map(({ id, rank, openedAt, policy }) => {
      const own = byAlert.get(id) ?? [];
      const levels = own
        .filter(({ kind }) => levelKinds.includes(kind))
        .map(({ at, data }) => ({ at, level: levelOfRank(Number(data.rank)) }));
      const history = {
        levels: levels.length > 0 ? levels : [{ at: openedAt, level: levelOfRank(rank) }],
        steps: own.filter(({ kind }) => stepKinds.includes(kind)).map(stepOf),
        pauses: pausesOf(own),
      };
      return [id, { history, policy }] as const;
    }),
  );
}

interface EntryRow {
  alertId: number;
  at: Date;
  kind: string;
  data: { rank?: number; deadline?: DeadlineKind; until?: string };
}

const levelKinds = ['opened', 'reopened', 'level-raised'];
const stepKinds = ['acknowledged', 'verified', 'assigned', 'answered', 'closed', 'met', 'waived'];
const clockKinds = [...levelKinds, ...stepKinds, 'paused', 'resumed'];

function stepOf({ at, kind, data }: EntryRow): CaseStep {
  return { at, kind: kind as CaseStep['kind'], ...(data.deadline === undefined ? {} : { deadline: data.deadline }) };
}

/** A pause ends at the time it was given, or when a person ends it or begins another. */
function pausesOf(entries: readonly EntryRow[]): CaseHistory['pauses'] {
  const pauses: { from: Date; to: Date }[] = [];
  for (const { at, kind, data } of entries) {
    const last = pauses.at(-1);
    if ((kind === 'paused' || kind === 'resumed') && last && last.to > at) last.to = new Date(Math.max(at.getTime(), last.from.getTime()));
    if (kind === 'paused') pauses.push({ from: at, to: new Date(data.until ?? at) });
  }
  return pauses;
}

/** An open case whose clocks are due for a look. */
export interface DueCase {
  id: number;
  eventId: number;
  rank: number;
  confirmedRank: number | null;
  state: AlertState;
  title: string;
  itemCount: number;
  firstSeenAt: Date;
  drillId: number | null;
  /** What its clocks have done, as `deadline step`. */
  done: string[];
}

/** Locks, until the transaction ends, open cases with a clock that asks for something by now; nobody else gets them meanwhile. */
export async function claimDueCases(tx: Db, { now, limit }: { now: Date; limit: number }): Promise<DueCase[]> {
  const { rows } = await sql<Omit<DueCase, 'done'>>`
    select al.id, al.event_id as "eventId", al.rank, al.confirmed_rank as "confirmedRank", al.state, e.title,
      e.item_count as "itemCount", e.first_seen_at as "firstSeenAt", al.drill_id as "drillId"
    from alert al join event e on e.id = al.event_id
    where al.closed_at is null and al.check_at <= ${now} order by al.rank desc, al.check_at limit ${limit}
    for no key update of al skip locked`.execute(tx);
  if (rows.length === 0) return [];
  const { rows: acts } = await sql<{ alertId: number; act: string }>`
    select alert_id as "alertId", deadline || ' ' || step as act from alert_deadline_act where alert_id = any(${rows.map(({ id }) => id)}::bigint[])`.execute(
    tx,
  );
  const byAlert = Map.groupBy(acts, ({ alertId }) => alertId);
  return rows.map((row) => ({ ...row, done: (byAlert.get(row.id) ?? []).map(({ act }) => act) }));
}

/** Notes what the clocks of a batch have done, and when each case is to be looked at next. Part of the claiming transaction. */
export async function saveClockActs(
  tx: Db,
  {
    acts,
    next,
    now,
  }: { acts: { alertId: number; deadline: string; step: string }[]; next: { alertId: number; at: Date | null }[]; now: Date },
): Promise<void> {
  await sql`
    with acted as (
      insert into alert_deadline_act (alert_id, deadline, step, at)
      select alert_id, deadline, step, ${now}::timestamptz
      from unnest(${acts.map((a) => a.alertId)}::bigint[], ${acts.map((a) => a.deadline)}::text[], ${acts.map((a) => a.step)}::text[])
        as n (alert_id, deadline, step)
      on conflict do nothing
    ), shown as (
      select distinct alert_id from unnest(${acts.map((a) => a.alertId)}::bigint[]) as n (alert_id)
    )
    update alert set check_at = n.at, updated_at = case when alert.id in (select alert_id from shown) then ${now} else updated_at end
    from unnest(${next.map((n) => n.alertId)}::bigint[], ${next.map((n) => n.at)}::timestamptz[]) as n (alert_id, at)
    where alert.id = n.alert_id`.execute(tx);
}
