import { type AlertMessage, type CategoryId, levelRank, type SourceGroup } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { type AlertEntryKind, systemActor } from './alert-entry.ts';

/** A direct report that the duty desk has not seen yet. */
export interface FiledReport {
  reportId: number;
  receipt: string;
  unit: string;
}

/** An event the dispatcher must decide on, and how its alerts stand. */
export interface Decision {
  eventId: number;
  title: string;
  /** What its items say; at least IV where a unit reported it: a person filed that, so a person is to look at it. */
  rank: number;
  relevant: boolean;
  itemCount: number;
  firstSeenAt: Date;
  /** Kinds of source that tell of it. */
  groups: SourceGroup[];
  /** Set when every one of its items belongs to a drill. */
  drillId: number | null;
  /** `untold`: nobody could be told of it when it opened, and nobody has been since; `told…` as of the last message. */
  alert: { id: number; rank: number; confirmedRank: number | null; untold: boolean; toldItems: number; toldGroups: SourceGroup[] } | null;
  /** Of the closed alerts of this event, the highest rank; 0 when there is none. */
  closedRank: number;
  /** What has come since the last alert was closed; zeros while one is open or none ever was. */
  since: { items: number; sources: number };
  /** Those of its direct reports that no decision has seen. */
  reports: FiledReport[];
}

/**
 * Locks those of these events that wait for a decision, and their alerts, until the transaction ends. An event that another
 * dispatcher holds, or that the classifier is writing to, is left out: the one decides it, the other rings again.
 */
export async function claimDecisions(tx: Db, eventIds: readonly number[]): Promise<Decision[]> {
  const { rows: events } = await sql<Pick<Decision, 'eventId' | 'title' | 'rank' | 'relevant' | 'itemCount' | 'firstSeenAt'>>`
    select id as "eventId", title, rank, relevant, item_count as "itemCount", first_seen_at as "firstSeenAt" from event
    where id = any(${eventIds}::bigint[]) and decide_at is not null order by id
    for no key update skip locked`.execute(tx);
  if (events.length === 0) return [];
  const ids = events.map((e) => e.eventId);
  // A statement of its own: its snapshot is younger than the locks, so it sees what the last holder wrote.
  const { rows: alerts } = await sql<AlertOfEvent>`
    select id, event_id as "eventId", rank, confirmed_rank as "confirmedRank", closed_at as "closedAt",
      told_items as "toldItems", told_groups as "toldGroups",
      exists (select 1 from alert_entry e where e.alert_id = alert.id and e.kind = 'untold')
        and not exists (select 1 from notification n where n.alert_id = alert.id) as untold
    from alert
    where event_id = any(${ids}::bigint[]) order by id for no key update`.execute(tx);
  const tellers = await tellersOf(tx, ids);
  const byEvent = Map.groupBy(alerts, (alert) => alert.eventId);
  const reportsOf = await claimReports(tx, ids);
  const closed = [...byEvent].flatMap(([eventId, own]) => {
    const at = own.every((alert) => alert.closedAt !== null) ? own.at(-1)?.closedAt : null;
    return at ? [{ eventId, at }] : [];
  });
  const since = await arrivedSince(tx, closed);
  return events.map((event) => {
    const own = byEvent.get(event.eventId) ?? [];
    const open = own.find((alert) => alert.closedAt === null);
    const { eventId: _event, closedAt: _closed, ...alert } = open ?? { eventId: 0, closedAt: null };
    const reports = reportsOf.get(event.eventId) ?? [];
    return {
      ...event,
      ...{ reports, relevant: event.relevant || reports.length > 0 },
      rank: Math.max(event.rank, reports.length > 0 || open ? levelRank('IV') : 0),
      groups: tellers.get(event.eventId)?.groups ?? [],
      drillId: tellers.get(event.eventId)?.drillId ?? null,
      alert: open ? (alert as NonNullable<Decision['alert']>) : null,
      closedRank: Math.max(0, ...own.filter((one) => one.closedAt !== null).map((one) => one.rank)),
      since: since.get(event.eventId) ?? { items: 0, sources: 0 },
    };
  });
}

async function claimReports(tx: Db, eventIds: readonly number[]): Promise<Map<number, FiledReport[]>> {
  const { rows } = await sql<FiledReport & { eventId: number }>`
    select ei.event_id as "eventId", r.id as "reportId", r.receipt, u.name as unit
    from report_pending p join event_item ei on ei.item_id = p.item_id
    join direct_report r on r.id = p.report_id join report_unit u on u.id = r.unit_id
    where ei.event_id = any(${eventIds}::bigint[]) order by r.id for update of p`.execute(tx);
  return Map.groupBy(rows, (row) => row.eventId);
}

interface AlertOfEvent {
  id: number;
  eventId: number;
  rank: number;
  confirmedRank: number | null;
  closedAt: Date | null;
  untold: boolean;
  toldItems: number;
  toldGroups: SourceGroup[];
}

/** The kind of source, in the terms of `sourceGroupOf`. */
export const groupColumn = sql<SourceGroup>`case when s.kind = 'report' then 'report' when i.author_kind = 'unknown' then 'web' else i.author_kind end`;

async function tellersOf(tx: Db, eventIds: readonly number[]): Promise<Map<number, { groups: SourceGroup[]; drillId: number | null }>> {
  const { rows } = await sql<{ eventId: number; groups: SourceGroup[]; drillId: number | null }>`
    select ei.event_id as "eventId", array_agg(distinct ${groupColumn}) as groups,
      case when bool_and(d.drill_id is not null) then max(d.drill_id) end as "drillId"
    from event_item ei join item i on i.id = ei.item_id join source s on s.id = i.source_id
    left join drill_step d on d.item_id = ei.item_id
    where ei.event_id = any(${eventIds}::bigint[]) group by ei.event_id`.execute(tx);
  return new Map(rows.map((row) => [row.eventId, row]));
}

async function arrivedSince(tx: Db, closed: readonly { eventId: number; at: Date }[]): Promise<Map<number, Decision['since']>> {
  if (closed.length === 0) return new Map();
  const { rows } = await sql<Decision['since'] & { eventId: number }>`
    select c.event_id as "eventId", count(*) as items, count(distinct i.source_id) as sources
    from unnest(${closed.map((c) => c.eventId)}::bigint[], ${closed.map((c) => c.at)}::timestamptz[]) as c (event_id, at)
    join event_item ei on ei.event_id = c.event_id join item i on i.id = ei.item_id
    where i.collected_at > c.at group by c.event_id`.execute(tx);
  return new Map(rows.map(({ eventId, ...since }) => [eventId, since]));
}

/** Ids for alerts about to be opened, so that a message can name its alert before either is stored. Unused ones are never given again. */
export async function reserveAlertIds(tx: Db, count: number): Promise<number[]> {
  if (count === 0) return [];
  const { rows } = await sql<{ id: number }>`
    select nextval(pg_get_serial_sequence('alert', 'id')) as id from generate_series(1, ${count}::integer)`.execute(tx);
  return rows.map((row) => row.id);
}

/** An open, severe alert about one category in one place. */
export interface Inhibitor {
  alertId: number;
  /** What a person confirmed, else what is proposed. */
  rank: number;
  confirmed: boolean;
  category: CategoryId;
  place: string;
  openedAt: Date;
}

/** The alerts of at least `minRank` opened since then and still open, by each of these categories and places; the 2,000 most severe lines. */
export async function loadInhibitors(
  tx: Db,
  options: { minRank: number; since: Date; categories: readonly string[]; places: readonly string[] },
): Promise<Inhibitor[]> {
  if (options.categories.length === 0 || options.places.length === 0) return [];
  const { rows } = await sql<Inhibitor>`
    select distinct al.id as "alertId", coalesce(al.confirmed_rank, al.rank) as rank, al.confirmed_rank is not null as confirmed,
      c as category, p as place, al.opened_at as "openedAt"
    from alert al join event_item ei on ei.event_id = al.event_id join assessment a on a.item_id = ei.item_id,
      unnest(a.categories) c, unnest(a.places) p
    where al.closed_at is null and coalesce(al.confirmed_rank, al.rank) >= ${options.minRank} and al.opened_at >= ${options.since}
      and al.drill_id is null and c = any(${options.categories}::text[]) and p = any(${options.places}::text[])
      and not exists (select 1 from assessment newer where newer.item_id = a.item_id and newer.revision_id > a.revision_id)
    order by rank desc, "alertId" desc limit 2000`.execute(tx);
  return rows;
}

/** A proposed level, what raised it above the contents, and by which thresholds; null where none were asked. */
export interface ProposedRank {
  rank: number;
  raisedBy: readonly string[];
  version: number | null;
}

/** One message to one channel, as a decision or a clock asks for it. */
export interface NewNotification {
  alertId: number;
  channelId: number;
  idempotencyKey: string;
  rank: number;
  reason: string;
  message: AlertMessage;
  /** Of the colleague it is meant for; null for a group. */
  receiver: string | null;
  /** Tried in this order when the channel fails. */
  fallbackIds: number[];
  hold: 'quiet' | 'digest' | null;
  dueAt: Date;
}

export interface NewEntry {
  alertId: number;
  kind: AlertEntryKind;
  note: string;
  data: Record<string, unknown>;
}

/** Everything a batch of decisions changes. */
export interface DecisionPlan {
  /** Events that no longer wait. */
  decided: number[];
  /** Direct reports that are on the desk now. */
  reported: number[];
  opened: ({ alertId: number; eventId: number; drillId: number | null } & ProposedRank)[];
  raised: ({ alertId: number } & ProposedRank)[];
  /** What people know of an alert from now on. */
  told: { alertId: number; items: number; groups: SourceGroup[] }[];
  entries: NewEntry[];
  notifications: NewNotification[];
}

/**
 * Writes a batch of decisions in the claiming transaction: the claim's locks are why nothing here can have changed since it was
 * read. A rank only rises. Alerts opened or raised are due for a look at their clocks. Returns how many notifications were written.
 */
export async function saveDecisions(
  tx: Db,
  plan: DecisionPlan,
  { now, policyId }: { now: Date; policyId: number | null },
): Promise<number> {
  const { opened, raised, told } = plan;
  await sql`
    with opened as (
      insert into alert (id, event_id, rank, raised_by, thresholds_version, drill_id, policy_id, opened_at, updated_at, check_at)
      overriding system value
      select alert_id, event_id, rank, array(select jsonb_array_elements_text(raised_by)), version, drill_id, ${policyId}::integer,
        ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
      from unnest(
        ${opened.map((o) => o.alertId)}::bigint[], ${opened.map((o) => o.eventId)}::bigint[], ${opened.map((o) => o.rank)}::smallint[],
        ${opened.map((o) => JSON.stringify(o.raisedBy))}::jsonb[], ${opened.map((o) => o.version)}::integer[], ${opened.map((o) => o.drillId)}::bigint[]
      ) as n (alert_id, event_id, rank, raised_by, version, drill_id)
    ), raised as (
      update alert set rank = greatest(alert.rank, n.rank), updated_at = ${now}, check_at = ${now}, thresholds_version = n.version,
        raised_by = array(select jsonb_array_elements_text(n.raised_by))
      from unnest(
        ${raised.map((r) => r.alertId)}::bigint[], ${raised.map((r) => r.rank)}::smallint[],
        ${raised.map((r) => JSON.stringify(r.raisedBy))}::jsonb[], ${raised.map((r) => r.version)}::integer[]
      ) as n (alert_id, rank, raised_by, version)
      where alert.id = n.alert_id
    ), seen as (
      delete from report_pending where report_id = any(${plan.reported}::bigint[])
    )
    update event set decide_at = null where id = any(${plan.decided}::bigint[])`.execute(tx);
  // What real items tell as well is no drill any more.
  await sql`
    update alert set drill_id = null where drill_id is not null and closed_at is null and event_id = any(${plan.decided}::bigint[]) and exists (
      select 1 from event_item ei where ei.event_id = alert.event_id and not exists (select 1 from drill_step d where d.item_id = ei.item_id))`.execute(
    tx,
  );
  if (told.length > 0) {
    await sql`
      update alert set told_items = n.items, told_groups = string_to_array(n.groups, ' '), updated_at = ${now}
      from unnest(${told.map((t) => t.alertId)}::bigint[], ${told.map((t) => t.items)}::integer[], ${told.map((t) => t.groups.join(' '))}::text[])
        as n (alert_id, items, groups) where alert.id = n.alert_id`.execute(tx);
  }
  await addEntries(tx, plan.entries, now);
  return addNotifications(tx, plan.notifications, now);
}

/** Lines of timelines, by nobody in particular. */
export async function addEntries(tx: Db, entries: readonly NewEntry[], now: Date): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    insert into alert_entry (alert_id, at, kind, actor, note, data)
    select alert_id, ${now}::timestamptz, kind, ${systemActor}, note, data
    from unnest(
      ${entries.map((e) => e.alertId)}::bigint[], ${entries.map((e) => e.kind)}::text[],
      ${entries.map((e) => e.note)}::text[], ${entries.map((e) => JSON.stringify(e.data))}::jsonb[]
    ) with ordinality as n (alert_id, kind, note, data, turn) order by turn`.execute(tx);
}

/** Into the ledger, not yet let through. One whose key is there already is left out. Returns how many were written. */
export async function addNotifications(tx: Db, notifications: readonly NewNotification[], now: Date): Promise<number> {
  if (notifications.length === 0) return 0;
  const { numAffectedRows } = await sql`
    insert into notification (alert_id, channel_id, idempotency_key, rank, reason, message, receiver, fallback_ids, hold, due_at, created_at)
    select alert_id, channel_id, key, rank, reason, message, receiver,
      coalesce(string_to_array(nullif(fallback_ids, ''), ' ')::bigint[], '{}'), hold, due_at, ${now}::timestamptz
    from unnest(
      ${notifications.map((n) => n.alertId)}::bigint[], ${notifications.map((n) => n.channelId)}::bigint[],
      ${notifications.map((n) => n.idempotencyKey)}::text[], ${notifications.map((n) => n.rank)}::smallint[],
      ${notifications.map((n) => n.reason)}::text[], ${notifications.map((n) => JSON.stringify(n.message))}::jsonb[],
      ${notifications.map((n) => n.receiver)}::text[], ${notifications.map((n) => n.fallbackIds.join(' '))}::text[],
      ${notifications.map((n) => n.hold)}::text[], ${notifications.map((n) => n.dueAt)}::timestamptz[]
    ) with ordinality as n (alert_id, channel_id, key, rank, reason, message, receiver, fallback_ids, hold, due_at, turn) order by turn
    on conflict (idempotency_key) do nothing`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
