import {
  type AlertState,
  type Answer,
  alertTransitions,
  type CategoryId,
  type Level,
  levelOfRank,
  type Outcome,
  type Reason,
  type SourceGroup,
} from '@guanlan/domain';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connect.ts';
import { type ClockRow, loadClocks } from './deadline.ts';
import { type EventResponse, findResponse } from './event-response.ts';
import { listNotifications, type NotificationRow } from './notification.ts';
import { type Evidence, emptyStory, loadStories } from './story.ts';

/** One alert as a list shows it. */
export interface AlertRow {
  id: number;
  eventId: number;
  state: AlertState;
  /** What a person confirmed, else what is proposed. */
  level: Level;
  proposal: {
    level: Level;
    /** What raised it above the contents, in words. */
    raisedBy: string[];
    /** Of the thresholds; null where the contents alone decided. */
    version: number | null;
  };
  /** Null until a person has confirmed a level. */
  confirmed: { by: string; at: Date } | null;
  outcome: Outcome | null;
  title: string;
  categories: CategoryId[];
  places: string[];
  evidence: Evidence[];
  itemCount: number;
  sourceCount: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
  openedAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
  /** Who is to answer, once it was assigned. */
  department: string | null;
  answer: Answer | null;
  drillId: number | null;
  /** Kinds of source people have been told of, and how many items it was then. */
  toldGroups: SourceGroup[];
  toldItems: number;
  /** What its clocks are computed from. */
  clocks: ClockRow;
}

export interface AlertFilter {
  /** Only open ones, only closed ones, or both. */
  open?: boolean | undefined;
  state?: AlertState | undefined;
  minRank?: number | undefined;
  category?: CategoryId | undefined;
  /** Only ids below this one: the last id of the page before. */
  before?: number | undefined;
  limit: number;
}

/** Newest first. */
export function listAlerts(db: Db, filter: AlertFilter): Promise<AlertRow[]> {
  const { open, state, minRank, category, before, limit } = filter;
  const conditions = [sql`true`];
  if (open !== undefined) conditions.push(open ? sql`al.closed_at is null` : sql`al.closed_at is not null`);
  if (state !== undefined) conditions.push(sql`al.state = ${state}`);
  if (minRank !== undefined) conditions.push(sql`coalesce(al.confirmed_rank, al.rank) >= ${minRank}`);
  if (before !== undefined) conditions.push(sql`al.id < ${before}`);
  if (category !== undefined) {
    conditions.push(sql`exists (select 1 from event_item ei join assessment a on a.item_id = ei.item_id
      where ei.event_id = al.event_id and ${category} = any(a.categories)
        and not exists (select 1 from assessment newer where newer.item_id = a.item_id and newer.revision_id > a.revision_id))`);
  }
  return selectAlerts(db, sql`where ${sql.join(conditions, sql` and `)} order by al.id desc limit ${limit}`);
}

/**
 * Alerts changed after `(updatedAt, id)`, in that order. Transactions do not commit in the order of their times: a stream should
 * ask from some seconds before the last one it has seen, and leave out what it has sent with the same `updatedAt`.
 */
export function alertsChangedSince(db: Db, after: { updatedAt: Date; id: number; limit: number }): Promise<AlertRow[]> {
  return selectAlerts(
    db,
    sql`where (al.updated_at, al.id) > (${after.updatedAt}, ${after.id}) order by al.updated_at, al.id limit ${after.limit}`,
  );
}

/** An item of the alert's event with what was found in it; the spans are offsets into `title` and `text`. */
export interface AlertItem {
  id: number;
  title: string;
  text: string;
  url: string | null;
  source: string;
  publishedAt: Date | null;
  collectedAt: Date;
  level: Level;
  reasons: Reason[];
}

export interface AlertEntry {
  id: number;
  at: Date;
  kind: string;
  actor: string;
  note: string;
  data: Record<string, unknown>;
}

export interface AlertDetail extends AlertRow {
  /** The most severe first, at most 50. */
  items: AlertItem[];
  /** Oldest first. */
  timeline: AlertEntry[];
  notifications: NotificationRow[];
  /** States that may follow. */
  next: readonly AlertState[];
  /** Other cases about the same event, newest first. */
  others: { id: number; state: AlertState; outcome: Outcome | null; openedAt: Date; closedAt: Date | null }[];
  /** Relevant items that came in the last hour and the hour before it. */
  heat: { lastHour: number; hourBefore: number };
  /** Null while no office has said anything of it. */
  response: EventResponse | null;
}

/** Everything about one alert; null when there is no such alert. `now` is what its heat is measured at; left out: its last item. */
export async function getAlert(db: Db, id: number, now?: Date): Promise<AlertDetail | null> {
  const [row] = await selectAlerts(db, sql`where al.id = ${id}`);
  if (!row) return null;
  const [items, timeline, notifications, others, heat, response] = await Promise.all([
    alertItems(db, row.eventId),
    db.selectFrom('alert_entry').select(['id', 'at', 'kind', 'actor', 'note', 'data']).where('alert_id', '=', id).orderBy('id').execute(),
    listNotifications(db, { alertId: id, limit: 500 }),
    otherCases(db, row),
    heatOf(db, row.eventId, now ?? row.lastSeenAt),
    findResponse(db, row.eventId),
  ]);
  return { ...row, items, timeline, notifications, next: alertTransitions[row.state], others, heat, response };
}

async function otherCases(db: Db, { id, eventId }: AlertRow): Promise<AlertDetail['others']> {
  const rows = await db
    .selectFrom('alert')
    .select(['id', 'state', 'outcome', 'opened_at as openedAt', 'closed_at as closedAt'])
    .where('event_id', '=', eventId)
    .where('id', '<>', id)
    .orderBy('id', 'desc')
    .execute();
  return rows;
}

async function heatOf(db: Db, eventId: number, now: Date): Promise<AlertDetail['heat']> {
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  const { rows } = await sql<AlertDetail['heat']>`
    select count(*) filter (where i.collected_at > ${hoursAgo(1)}) as "lastHour",
      count(*) filter (where i.collected_at <= ${hoursAgo(1)} and i.collected_at > ${hoursAgo(2)}) as "hourBefore"
    from event_item ei join item i on i.id = ei.item_id where ei.event_id = ${eventId}`.execute(db);
  return rows[0] ?? { lastHour: 0, hourBefore: 0 };
}

interface SelectedRow
  extends Omit<AlertRow, 'level' | 'proposal' | 'confirmed' | 'categories' | 'places' | 'evidence' | 'sourceCount' | 'clocks'> {
  rank: number;
  raisedBy: string[];
  version: number | null;
  confirmedRank: number | null;
  confirmedBy: string | null;
  confirmedAt: Date | null;
}

async function selectAlerts(db: Db, tail: RawBuilder<unknown>): Promise<AlertRow[]> {
  const { rows } = await sql<SelectedRow>`
    select al.id, al.event_id as "eventId", al.state, al.rank, al.outcome, al.raised_by as "raisedBy", al.thresholds_version as version,
      al.confirmed_rank as "confirmedRank", al.confirmed_by as "confirmedBy", al.confirmed_at as "confirmedAt", e.title, e.item_count as "itemCount",
      e.first_seen_at as "firstSeenAt", e.last_seen_at as "lastSeenAt", al.opened_at as "openedAt", al.updated_at as "updatedAt",
      al.closed_at as "closedAt", al.department, al.answer, al.drill_id as "drillId", al.told_groups as "toldGroups", al.told_items as "toldItems"
    from alert al join event e on e.id = al.event_id ${tail}`.execute(db);
  const stories = await loadStories(
    db,
    rows.map((row) => row.eventId),
    { items: 0 },
  );
  const clocks = await loadClocks(
    db,
    rows.map((row) => row.id),
  );
  return rows.map(({ rank, raisedBy, version, confirmedRank, confirmedBy, confirmedAt, ...row }) => {
    const { categories, places, evidence, sourceCount } = stories.get(row.eventId) ?? emptyStory;
    const noClocks: ClockRow = { history: { levels: [], steps: [], pauses: [] }, policy: null };
    return {
      ...row,
      level: levelOfRank(confirmedRank ?? rank),
      proposal: { level: levelOfRank(rank), raisedBy, version },
      confirmed: confirmedBy === null || confirmedAt === null ? null : { by: confirmedBy, at: confirmedAt },
      ...{ categories, places, evidence, sourceCount, clocks: clocks.get(row.id) ?? noClocks },
    };
  });
}

async function alertItems(db: Db, eventId: number): Promise<AlertItem[]> {
  const { rows } = await sql<Omit<AlertItem, 'level' | 'reasons'> & { rank: number; reasons: Reason[] | null }>`
    select i.id, i.title, i.text, i.url, s.name as source, i.published_at as "publishedAt", i.collected_at as "collectedAt", a.rank, a.reasons
    from event_item ei join item i on i.id = ei.item_id join source s on s.id = i.source_id
    cross join lateral (
      select relevant, rank, score, reasons from assessment where item_id = i.id order by revision_id desc limit 1) a
    where ei.event_id = ${eventId}
    order by a.relevant desc, a.rank desc, a.score desc, i.id limit 50`.execute(db);
  return rows.map(({ rank, reasons, ...item }) => ({ ...item, level: levelOfRank(rank), reasons: reasons ?? [] }));
}
