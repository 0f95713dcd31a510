import {
  type EventDetail,
  type EventItemView,
  type EventView,
  eventDetail,
  eventItemPage,
  eventMergeRequest,
  eventPage,
  eventQuery,
  eventSplitRequest,
  idParams,
  kindredEvents,
  pageQuery,
} from '@guanlan/contracts';
import {
  appendAudit,
  type Db,
  type EventAct,
  type EventActed,
  type EventItemRow,
  type EventRow,
  emptyStory,
  getEvent,
  listEventItems,
  listEvents,
  loadCategoryPaces,
  loadEventHours,
  loadStories,
  mergeEvent,
  splitEvent,
} from '@guanlan/database';
import {
  burstOf,
  categoryHistory,
  type EventHour,
  eventEntryTitles,
  eventLimits,
  GuanlanError,
  growthOf,
  heatOf,
  hourlyCounts,
  levelRank,
} from '@guanlan/domain';
import type { FastifyRequest } from 'fastify';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { kindredTo } from '../kindred.ts';
import { responseViewOf } from '../official-response.ts';
import { problemResponse } from '../problem.ts';

export function addEventRoutes(app: ApiServer, context: ApiContext): void {
  const { db, clock } = context;

  app.get(
    '/api/v1/events',
    {
      config: { permission: 'read' },
      schema: {
        summary: '事件列表，最近有动静的在前',
        tags: ['event'],
        querystring: eventQuery,
        response: { 200: eventPage, default: problemResponse },
      },
    },
    async ({ query: { level, ...filter } }) => {
      const rows = await listEvents(db, { ...filter, minRank: level === undefined ? undefined : levelRank(level) });
      return { rows: await viewsOf(db, rows, clock.now()), next: rows.length === filter.limit ? (rows.at(-1)?.cursor ?? null) : null };
    },
  );

  app.get(
    '/api/v1/events/:id',
    {
      config: { permission: 'read' },
      schema: {
        summary: '一个事件：信息、来源、传播曲线、预警提示、拆分与合并的经过',
        tags: ['event'],
        params: idParams,
        response: { 200: eventDetail, default: problemResponse },
      },
    },
    async ({ params: { id } }) => detailOf(context, id),
  );

  app.get(
    '/api/v1/events/:id/kindred',
    {
      config: { permission: 'read' },
      schema: {
        summary: '可能与此事件是同一件事的其他事件：同类、同地、时间相近，标题说到同样的东西；是否合并由人定',
        tags: ['event'],
        params: idParams,
        response: { 200: kindredEvents, default: problemResponse },
      },
    },
    async ({ params: { id } }) => ({ rows: await kindredTo(context, id) }),
  );

  app.get(
    '/api/v1/events/:id/items',
    {
      config: { permission: 'read' },
      schema: {
        summary: '一个事件的信息，新的在前；并入了其他事件的没有信息',
        tags: ['event'],
        params: idParams,
        querystring: pageQuery,
        response: { 200: eventItemPage, default: problemResponse },
      },
    },
    async ({ params: { id }, query }) => {
      const rows = await listEventItems(db, id, query);
      return { rows: rows.map(itemViewOf), next: rows.length === query.limit ? (rows.at(-1)?.id ?? null) : null };
    },
  );

  app.post(
    '/api/v1/events/:id/split',
    {
      config: { permission: 'act' },
      schema: {
        summary: '拆分：把一些信息拆出，成为新事件',
        tags: ['event'],
        params: idParams,
        body: eventSplitRequest,
        response: { 200: eventDetail, default: problemResponse },
      },
    },
    async (request) => {
      const { params, body } = request;
      return perform(context, request, params.id, 'split', body.note, (tx, act) =>
        splitEvent(tx, params.id, { ...act, itemIds: body.itemIds }),
      );
    },
  );

  app.post(
    '/api/v1/events/:id/merge',
    {
      config: { permission: 'act' },
      schema: {
        summary: '合并：把整个事件并入另一个事件',
        tags: ['event'],
        params: idParams,
        body: eventMergeRequest,
        response: { 200: eventDetail, default: problemResponse },
      },
    },
    async (request) => {
      const { params, body } = request;
      return perform(context, request, params.id, 'merge', body.note, (tx, act) => mergeEvent(tx, params.id, { ...act, into: body.into }));
    },
  );
}

/** The act, its lines in both events and in their alerts, and its line in the audit log are one commit. */
async function perform(
  context: ApiContext,
  request: FastifyRequest,
  id: number,
  name: 'split' | 'merge',
  note: string,
  apply: (tx: Db, act: EventAct) => Promise<EventActed>,
): Promise<EventDetail> {
  const { db, bus, clock, logger } = context;
  const actor = actorIn(request).name;
  const now = clock.now();
  const acted = await db.transaction().execute(async (tx) => {
    const done = await apply(tx, { actor, note, now });
    await appendAudit(tx, {
      at: now,
      actor,
      act: `event.${name}`,
      subject: `event:${id}`,
      data: { into: done.eventId, items: done.items },
    });
    return done;
  });
  // Both are marked where they wait for a decision: a bell that is not rung is no loss.
  await bus
    .ring('events.assessed', { eventIds: [id, acted.eventId] })
    .catch((err: unknown) => logger.warn({ err }, 'bell not rung, the sweep will'));
  return detailOf(context, acted.eventId);
}

async function detailOf({ db, clock }: ApiContext, id: number): Promise<EventDetail> {
  const event = await getEvent(db, id);
  if (!event) throw new GuanlanError('not-found', `没有编号为 ${id} 的事件。`);
  const hours = await loadEventHours(db, [id]);
  const [[view], stories] = await Promise.all([viewsOf(db, [event], clock.now(), hours), loadStories(db, [id], { items: 0 })]);
  if (view === undefined) throw new Error('one row makes one view');
  return {
    ...view,
    places: (stories.get(id) ?? emptyStory).places,
    sourceKinds: event.sourceKinds,
    curve: curveOf(hours.get(id) ?? []),
    items: event.items.map(itemViewOf),
    response: responseViewOf(event.response),
    alerts: event.alerts.map((alert) => ({
      ...alert,
      openedAt: alert.openedAt.toISOString(),
      closedAt: alert.closedAt?.toISOString() ?? null,
    })),
    entries: event.entries.map((entry) => ({ ...entry, at: entry.at.toISOString(), title: eventEntryTitles[entry.kind] })),
  };
}

function itemViewOf(item: EventItemRow): EventItemView {
  return { ...item, publishedAt: item.publishedAt?.toISOString() ?? null, collectedAt: item.collectedAt.toISOString() };
}

async function viewsOf(db: Db, rows: readonly EventRow[], now: Date, known?: Map<number, EventHour[]>): Promise<EventView[]> {
  if (rows.length === 0) return [];
  const [hours, paces] = await Promise.all([
    known ??
      loadEventHours(
        db,
        rows.map((row) => row.id),
      ),
    loadCategoryPaces(db, now),
  ]);
  return rows.map(({ cursor: _, ...row }) => {
    const own = hours.get(row.id) ?? [];
    // Of several categories the one that expects most: what is usual for any of them is no burst.
    const usual = row.categories.flatMap((category) => paces.byCategory.get(category) ?? []);
    const [pace] = usual.sort((a, b) => b.perWindow - a.perWindow);
    return {
      ...row,
      heat: heatOf(own, now),
      growth: growthOf(own, now),
      burst: burstOf(hourlyCounts(own, now), categoryHistory(pace, paces.all)),
      sourceCount: own.reduce((sum, hour) => sum + hour.newSources, 0),
      firstSeenAt: row.firstSeenAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
    };
  });
}

function curveOf(hours: readonly EventHour[]): EventDetail['curve'] {
  const last = hours.at(-1);
  if (last === undefined) return { hours: [], earlier: 0 };
  const byHour = new Map(hours.map((hour) => [hour.hour.getTime(), hour]));
  const end = last.hour.getTime();
  const from = Math.max(hours[0]?.hour.getTime() ?? end, end - (eventLimits.curveHours - 1) * 3_600_000);
  const curve: EventDetail['curve'] = { hours: [], earlier: 0 };
  for (let at = from; at <= end; at += 3_600_000) {
    const { reports = 0, copies = 0 } = byHour.get(at) ?? {};
    curve.hours.push({ at: new Date(at).toISOString(), reports, copies });
  }
  for (const { hour, reports, copies } of hours) if (hour.getTime() < from) curve.earlier += reports + copies;
  return curve;
}
