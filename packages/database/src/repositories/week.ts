import type { AlertState, CategoryId, Outcome, Reason, Span } from '@guanlan/domain';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connect.ts';

export interface WeekFigures {
  collected: number;
  relevant: number;
  counted: number;
  /** Relevant events first seen, by {@link statedRank}, without false alarms. */
  events: Partial<Record<number, number>>;
  /** Of them, those whose level a person has confirmed. */
  confirmedLevels: number;
  /** Relevant events first seen that a person has called a false alarm. */
  falseAlarms: number;
  /** Sources watched by then. */
  sources: number;
  failingSources: number;
  alertsOpened: number;
  alertsClosed: number;
}

/** Whether an event is nothing but a drill's. */
function ofDrill(eventId: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(exists (select 1 from event_item ei join drill_step d on d.item_id = ei.item_id where ei.event_id = ${eventId})
    and not exists (select 1 from event_item ei where ei.event_id = ${eventId}
      and not exists (select 1 from drill_step d where d.item_id = ei.item_id)))`;
}

/** An event's newest alert: its level as a person confirmed it, else what is proposed for it or said by the items since. */
const newestAlert = sql`left join lateral (
  select al.id, al.state, al.outcome, coalesce(al.confirmed_rank, greatest(al.rank, e.rank)) as rank, al.confirmed_rank is not null as confirmed
  from alert al where al.event_id = e.id order by al.id desc limit 1) al on true`;

/** That of an event's newest alert, else what its items say. */
const statedRank = sql<number>`coalesce(al.rank, e.rank)`;

/** The figures of a span of time, recomputed from rows. */
export async function readWeekFigures(db: Db, { from, to }: Span): Promise<WeekFigures> {
  const { rows } = await sql<WeekFigures>`
    with new_event as (
      select ${statedRank} as rank, al.outcome is not distinct from 'false-alarm' as false_alarm, count(*) as n,
        count(*) filter (where al.confirmed) as confirmed
      from event e ${newestAlert}
      where e.relevant and e.first_seen_at >= ${from} and e.first_seen_at < ${to} and not ${ofDrill(sql`e.id`)} group by 1, 2
    )
    select
      (select count(*) from item where collected_at >= ${from} and collected_at < ${to}
          and source_id is distinct from (select source_id from canary))
        - (select count(*) from drill_step d join item i on i.id = d.item_id where i.collected_at >= ${from} and i.collected_at < ${to}) as collected,
      (select count(*) from tally t join item i on i.id = t.item_id where i.collected_at >= ${from} and i.collected_at < ${to}) as relevant,
      (select count(*) from tally t join item i on i.id = t.item_id
        where i.collected_at >= ${from} and i.collected_at < ${to} and t.state = 'counted') as counted,
      (select coalesce(json_object_agg(rank, n) filter (where rank is not null), '{}') from new_event where not false_alarm) as events,
      (select coalesce(sum(confirmed), 0) from new_event where not false_alarm) as "confirmedLevels",
      (select coalesce(sum(n), 0) from new_event where false_alarm) as "falseAlarms",
      (select count(*) from source where paused_at is null and removed_at is null and created_at < ${to}) as sources,
      (select count(*) from source where paused_at is null and removed_at is null and failing_since < ${to}) as "failingSources",
      (select count(*) from alert where opened_at >= ${from} and opened_at < ${to} and drill_id is null) as "alertsOpened",
      (select count(*) from alert where closed_at >= ${from} and closed_at < ${to} and drill_id is null) as "alertsClosed"`.execute(db);
  const [figures] = rows;
  if (figures === undefined) throw new Error('a select without from returns one row');
  return figures;
}

export interface WeekEvent {
  eventId: number;
  title: string;
  /** That of its newest alert, else what its items say. */
  rank: number;
  /** Whether a person has confirmed it. */
  confirmed: boolean;
  firstSeenAt: Date;
  itemCount: number;
  sourceCount: number;
  /** The items cited, at most five, first seen first. */
  itemIds: number[];
  categories: CategoryId[];
  places: string[];
  /** Of the item that speaks loudest. */
  reasons: Reason[];
  alert: { id: number; state: AlertState; outcome: Outcome | null } | null;
}

/** The relevant events first seen in a span of time, most urgent first and false alarms last, at most `limit`. */
export async function listWeekEvents(db: Db, { from, to }: Span, limit = 200): Promise<WeekEvent[]> {
  const { rows } = await sql<Omit<WeekEvent, 'reasons'> & { reasons: Reason[] | null }>`
    select e.id as "eventId", e.title, ${statedRank} as rank, coalesce(al.confirmed, false) as confirmed,
      e.first_seen_at as "firstSeenAt", e.item_count as "itemCount", m.sources as "sourceCount", m.ids as "itemIds",
      coalesce(b.categories, '{}') as categories, coalesce(b.places, '{}') as places, b.reasons,
      case when al.id is not null then jsonb_build_object('id', al.id, 'state', al.state, 'outcome', al.outcome) end as alert
    from event e
    cross join lateral (
      select count(distinct i.source_id) as sources, (array_agg(i.id order by i.id))[1:5] as ids
      from event_item ei join item i on i.id = ei.item_id where ei.event_id = e.id) m
    left join lateral (
      select a.categories, a.places, a.reasons from event_item ei join assessment a on a.item_id = ei.item_id
      where ei.event_id = e.id and a.relevant order by a.revision_id desc, a.score desc, a.item_id limit 1) b on true
    ${newestAlert}
    where e.relevant and e.first_seen_at >= ${from} and e.first_seen_at < ${to} and not ${ofDrill(sql`e.id`)}
    order by (al.outcome is not distinct from 'false-alarm'), ${statedRank} desc, e.score desc, e.id limit ${limit}`.execute(db);
  return rows.map((r) => ({ ...r, reasons: r.reasons ?? [] }));
}
