import { type EventEntryKind, GuanlanError } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { closeAlert } from './alert-act.ts';
import type { AlertEntryKind } from './alert-entry.ts';
import { livesMs, lockGrouping, reserveEventIds } from './grouping.ts';
import { retallyEvents } from './tally.ts';

/** Who did it, when, and what they have to say. */
export interface EventAct {
  actor: string;
  note: string;
  now: Date;
}

// Each act is part of the caller's transaction and waits for the grouping's turn. Rows that move get a new `seq`, so every process learns of it
// before it places anything further; later copies go where their text is, and what reads like a moved item finds it where it is now.

/** What an act came to. */
export interface EventActed {
  /** The event the items are in now. */
  eventId: number;
  /** How many moved. */
  items: number;
}

/**
 * Takes items out of an event; they become one of their own. Items with the same text go along, for one text is in one event.
 *
 * @throws GuanlanError `not-found` for an unknown event, `conflict` for a merged one, `bad-input` for items that are not in it, or all of them
 */
export async function splitEvent(tx: Db, id: number, act: EventAct & { itemIds: readonly number[] }): Promise<EventActed> {
  await lockGrouping(tx);
  await lockEvents(tx, [id]);
  const alerts = await lockOpenAlerts(tx, id);
  const members = await tx
    .selectFrom('event_item')
    .select(['item_id as id', 'fingerprint', 'seed_id as seed'])
    .where('event_id', '=', id)
    .orderBy('item_id')
    .execute();
  const known = new Map(members.map((member) => [member.id, member]));
  const strangers = act.itemIds.filter((item) => !known.has(item));
  if (strangers.length > 0) {
    throw new GuanlanError('bad-input', `信息 ${strangers.slice(0, 5).join('、')} 不在事件 ${id} 中，请刷新后重新勾选。`);
  }
  const texts = new Set(act.itemIds.map((item) => known.get(item)?.fingerprint));
  const leaving = members.filter((member) => texts.has(member.fingerprint));
  const staying = members.filter((member) => !texts.has(member.fingerprint));
  if (leaving.length === 0) throw new GuanlanError('bad-input', '没有选择要拆出的信息。');
  if (staying.length === 0) {
    throw new GuanlanError('bad-input', `选中的是事件 ${id} 的全部信息（内容相同的一并计入），拆出后原事件就空了；请至少留下一条。`);
  }
  const [eventId] = await reserveEventIds(tx, 1);
  if (eventId === undefined) throw new Error('a sequence gives as many numbers as it is asked for');
  await sql`
    insert into event (id, title, first_seen_at, last_seen_at) overriding system value
    values (${eventId}, '', ${act.now}, ${act.now})`.execute(tx);
  await placeMembers(tx, [...reseeded(leaving, eventId, true), ...reseeded(staying, id, false)]);
  await recomputeEvents(tx, [id, eventId], act.now);
  await retallyEvents(tx, [id, eventId], act.now);
  await enter(tx, act, leaving.length, [
    { eventId: id, kind: 'split-off', otherId: eventId },
    { eventId, kind: 'split-from', otherId: id },
  ]);
  for (const alertId of alerts) {
    await noteAlert(tx, alertId, 'event-split', act, `${leaving.length} 条信息已拆出，成为事件 ${eventId}。`);
  }
  return { eventId, items: leaving.length };
}

/**
 * Puts all items of an event into another and leaves it empty. Its open alert goes along; where the other has one too, it is closed with a note
 * that names the other.
 *
 * @throws GuanlanError `not-found` for an unknown event, `conflict` for one merged already or a false alarm as target, `bad-input` for itself
 */
export async function mergeEvent(tx: Db, id: number, act: EventAct & { into: number }): Promise<EventActed> {
  const { into, now } = act;
  if (id === into) throw new GuanlanError('bad-input', `不能把事件 ${id} 并入它自己，请选择另一个事件。`);
  await lockGrouping(tx);
  const events = await lockEvents(tx, [id, into]);
  await moveAlerts(tx, id, act, events.get(into)?.relevant ?? false);
  const { numAffectedRows } = await sql`
    update event_item set event_id = ${into}, seq = nextval('event_item_seq') where event_id = ${id}`.execute(tx);
  const items = Number(numAffectedRows ?? 0);
  await tx
    .updateTable('event')
    .set({ merged_into: into, item_count: 0, rank: 0, score: 0, relevant: false, decide_at: null })
    .where((eb) => eb.or([eb('id', '=', id), eb('merged_into', '=', id)]))
    .execute();
  await recomputeEvents(tx, [into], now);
  await retallyEvents(tx, [into], now);
  await enter(tx, act, items, [
    { eventId: id, kind: 'merged-into', otherId: into },
    { eventId: into, kind: 'merged-from', otherId: id },
  ]);
  return { eventId: into, items };
}

/** Locks in the order of ids, as everybody does. */
async function lockEvents(tx: Db, ids: readonly number[]): Promise<Map<number, { relevant: boolean }>> {
  const rows = await tx
    .selectFrom('event')
    .select(['id', 'relevant', 'merged_into'])
    .where('id', 'in', ids)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  const found = new Map(rows.map((row) => [row.id, row]));
  for (const id of ids) {
    const event = found.get(id);
    if (!event) throw new GuanlanError('not-found', `没有编号为 ${id} 的事件。`);
    if (event.merged_into !== null) throw new GuanlanError('conflict', `事件 ${id} 已并入事件 ${event.merged_into}，请到那里操作。`);
  }
  return found;
}

interface Member {
  id: number;
  seed: number;
}

/** Members with the group each began with; where that has gone to the other side, its first one here takes its place. */
function reseeded(members: readonly Member[], eventId: number, moved: boolean): (Member & { eventId: number })[] {
  const here = new Set(members.map((member) => member.id));
  const heirs = new Map<number, number>();
  for (const { id, seed } of members) if (!here.has(seed) && !heirs.has(seed)) heirs.set(seed, id);
  return members.filter(({ seed }) => moved || heirs.has(seed)).map(({ id, seed }) => ({ id, eventId, seed: heirs.get(seed) ?? seed }));
}

async function placeMembers(tx: Db, members: readonly (Member & { eventId: number })[]): Promise<void> {
  await sql`
    update event_item ei set event_id = m.event_id, seed_id = m.seed_id, seq = nextval('event_item_seq')
    from unnest(${members.map((m) => m.id)}::bigint[], ${members.map((m) => m.eventId)}::bigint[], ${members.map((m) => m.seed)}::bigint[])
      as m (item_id, event_id, seed_id)
    where ei.item_id = m.item_id`.execute(tx);
}

/**
 * What its items make of an event, all of it from rows. A title stays while an item has it. The dispatcher is to look at it again, where it
 * is not history.
 */
async function recomputeEvents(tx: Db, ids: readonly number[], now: Date): Promise<void> {
  await sql`
    with member as (
      select ei.event_id, i.id, i.title, i.collected_at, a.* from event_item ei join item i on i.id = ei.item_id
      cross join lateral (
        select rank, score, relevant, categories from assessment where item_id = i.id order by revision_id desc limit 1) a
      where ei.event_id = any(${ids}::bigint[])
    ), figures as (
      select event_id, (array_agg(title order by rank desc, id))[1] as title, max(rank) as rank, max(score) as score,
        bool_or(relevant) as relevant, count(*) as items, min(collected_at) as first_seen, max(collected_at) as last_seen
      from member group by event_id
    ), about as (
      select event_id, array_agg(distinct c.name) as categories from member, unnest(categories) as c (name) group by event_id
    )
    update event e set rank = f.rank, score = f.score, relevant = f.relevant, item_count = f.items, first_seen_at = f.first_seen,
      last_seen_at = f.last_seen, categories = coalesce(about.categories, '{}'),
      title = case when exists (select 1 from member m where m.event_id = e.id and m.title = e.title) then e.title else f.title end,
      decide_at = case when f.relevant and f.last_seen >= ${new Date(now.getTime() - livesMs)}::timestamptz then ${now}::timestamptz end
    from figures f left join about using (event_id) where e.id = f.event_id`.execute(tx);
}

/**
 * An open alert follows the items unless the other event has one. Closed ones stay, as what was decided of the event as it was; where the
 * other event has never concerned anybody, they go along, so that an answered story does not call again.
 */
async function moveAlerts(tx: Db, id: number, act: EventAct & { into: number }, intoRelevant: boolean): Promise<void> {
  const { into, now } = act;
  const alerts = await tx
    .selectFrom('alert')
    .select(['id', 'event_id', 'state', 'outcome'])
    .where('event_id', 'in', [id, into])
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  const own = alerts.filter((alert) => alert.event_id === id);
  const others = alerts.filter((alert) => alert.event_id === into);
  const isFalseAlarm = (list: typeof alerts) => list.some((alert) => alert.outcome === 'false-alarm');
  if (isFalseAlarm(others) && !isFalseAlarm(own)) {
    throw new GuanlanError('conflict', `事件 ${into} 已按误报办结，并入后这些信息都会按误报剔除；请改为把事件 ${into} 并入事件 ${id}。`);
  }
  const open = own.find((alert) => alert.state !== 'closed');
  const other = others.find((alert) => alert.state !== 'closed');
  if (open && other) {
    const outcome = open.state === 'answered' ? 'answered' : 'no-answer-needed';
    const note = withNote(`事件 ${id} 已并入事件 ${into}，由预警 ${other.id} 继续处理。`, act.note);
    await closeAlert(tx, open.id, { actor: act.actor, note, now, outcome });
    await noteAlert(tx, other.id, 'event-merged', act, `事件 ${id} 已并入本事件，它的预警 ${open.id} 随之办结。`);
  } else if (other) {
    await noteAlert(tx, other.id, 'event-merged', act, `事件 ${id} 已并入本事件。`);
  }
  const following = others.length === 0 && !intoRelevant ? own : own.filter((alert) => alert === open && !other);
  if (following.length === 0) return;
  await tx
    .updateTable('alert')
    .set({ event_id: into, updated_at: now })
    .where(
      'id',
      'in',
      following.map((alert) => alert.id),
    )
    .execute();
  for (const alert of following)
    await noteAlert(tx, alert.id, 'event-merged', act, `事件 ${id} 已并入事件 ${into}，本预警随之转到事件 ${into}。`);
}

/** Before the tally's lock, as whoever closes an alert does. */
async function lockOpenAlerts(tx: Db, eventId: number): Promise<number[]> {
  const rows = await tx
    .selectFrom('alert')
    .select('id')
    .where('event_id', '=', eventId)
    .where('closed_at', 'is', null)
    .forNoKeyUpdate()
    .execute();
  return rows.map((row) => row.id);
}

/** A line in the alert's timeline; whoever watches the alert is told of it. */
async function noteAlert(tx: Db, alertId: number, kind: AlertEntryKind, { actor, note, now }: EventAct, what: string): Promise<void> {
  await tx
    .insertInto('alert_entry')
    .values({ alert_id: alertId, at: now, kind, actor, note: withNote(what, note) })
    .execute();
  await tx.updateTable('alert').set({ updated_at: now }).where('id', '=', alertId).execute();
}

async function enter(
  tx: Db,
  { actor, note, now }: EventAct,
  items: number,
  lines: readonly { eventId: number; kind: EventEntryKind; otherId: number }[],
): Promise<void> {
  await tx
    .insertInto('event_entry')
    .values(lines.map(({ eventId, kind, otherId }) => ({ event_id: eventId, at: now, kind, other_id: otherId, items, actor, note })))
    .execute();
}

function withNote(what: string, note: string): string {
  return note === '' ? what : `${what}${note}`;
}
