import {
  type AlertDetail,
  type AlertView,
  alertAssignRequest,
  alertCloseRequest,
  alertDetail,
  alertLevelRequest,
  alertNoteRequest,
  alertPage,
  alertQuery,
  idParams,
} from '@guanlan/contracts';
import {
  type AlertAct,
  type AlertDetail as AlertDetailRow,
  type AlertRow,
  acknowledgeAlert,
  alertEntryTitles,
  answerAlert,
  appendAudit,
  assignAlert,
  closeAlert,
  confirmLevel,
  type Db,
  getAlert,
  listAlerts,
  verifyAlert,
} from '@guanlan/database';
import { categoryInfo, GuanlanError, levelRank } from '@guanlan/domain';
import type { FastifyRequest } from 'fastify';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

export function addAlertRoutes(app: ApiServer, context: ApiContext): void {
  const { db } = context;

  app.get(
    '/api/v1/alerts',
    {
      config: { permission: 'read' },
      schema: {
        summary: '预警提示列表，新的在前',
        tags: ['alert'],
        querystring: alertQuery,
        response: { 200: alertPage, default: problemResponse },
      },
    },
    async ({ query: { before, limit, open, level, category } }) => {
      const rows = await listAlerts(db, { before, limit, open, category, minRank: level === undefined ? undefined : levelRank(level) });
      return { rows: rows.map(alertViewOf), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    '/api/v1/alerts/:id',
    {
      config: { permission: 'read' },
      schema: {
        summary: '一个预警提示：信息、依据、时间线、通知',
        tags: ['alert'],
        params: idParams,
        response: { 200: alertDetail, default: problemResponse },
      },
    },
    async ({ params: { id } }) => detailOf(db, id),
  );

  for (const [name, { summary, apply }] of Object.entries(noteActs)) {
    app.post(
      `/api/v1/alerts/:id/${name}`,
      {
        config: { permission: 'act' },
        schema: {
          summary,
          tags: ['alert'],
          params: idParams,
          body: alertNoteRequest,
          response: { 200: alertDetail, default: problemResponse },
        },
      },
      async (request) => perform(context, request, request.params.id, name, (tx, act) => apply(tx, request.params.id, act), request.body),
    );
  }

  app.post(
    '/api/v1/alerts/:id/assign',
    {
      config: { permission: 'act' },
      schema: {
        summary: '交办',
        tags: ['alert'],
        params: idParams,
        body: alertAssignRequest,
        response: { 200: alertDetail, default: problemResponse },
      },
    },
    async (request) => {
      const { params, body } = request;
      return perform(
        context,
        request,
        params.id,
        'assign',
        (tx, act) => assignAlert(tx, params.id, { ...act, department: body.department }),
        body,
      );
    },
  );

  app.post(
    '/api/v1/alerts/:id/level',
    {
      config: { permission: 'act' },
      schema: {
        summary: '核定级别：确认建议的级别，或另定一个',
        tags: ['alert'],
        params: idParams,
        body: alertLevelRequest,
        response: { 200: alertDetail, default: problemResponse },
      },
    },
    async (request) => {
      const { params, body } = request;
      const rank = levelRank(body.level);
      return perform(context, request, params.id, 'level', (tx, act) => confirmLevel(tx, params.id, { ...act, rank }), body);
    },
  );

  app.post(
    '/api/v1/alerts/:id/close',
    {
      config: { permission: 'act' },
      schema: {
        summary: '办结',
        tags: ['alert'],
        params: idParams,
        body: alertCloseRequest,
        response: { 200: alertDetail, default: problemResponse },
      },
    },
    async (request) => {
      const { params, body } = request;
      return perform(context, request, params.id, 'close', (tx, act) => closeAlert(tx, params.id, { ...act, outcome: body.outcome }), body);
    },
  );
}

/** An alert as lists and the stream show it. */
export function alertViewOf(row: AlertRow): AlertView {
  return {
    id: row.id,
    eventId: row.eventId,
    state: row.state,
    level: row.level,
    proposal: row.proposal,
    confirmed: row.confirmed && { by: row.confirmed.by, at: row.confirmed.at.toISOString() },
    title: row.title,
    categories: row.categories,
    places: row.places,
    evidence: row.evidence,
    departments: [...new Set(row.categories.map((category) => categoryInfo(category).department))],
    outcome: row.outcome,
    itemCount: row.itemCount,
    sourceCount: row.sourceCount,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    openedAt: row.openedAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
  };
}

/** Acts that take nothing but a note. */
const noteActs = {
  acknowledge: { summary: '签收', apply: acknowledgeAlert },
  verify: { summary: '核实', apply: verifyAlert },
  answer: { summary: '记录已回应', apply: answerAlert },
} as const;

/** The act, its line in the timeline and its line in the audit log are one commit. */
async function perform(
  { db, clock }: ApiContext,
  request: FastifyRequest,
  id: number,
  name: string,
  apply: (tx: Db, act: AlertAct) => Promise<void>,
  { note, ...data }: { note: string; department?: string; outcome?: string; level?: string },
): Promise<AlertDetail> {
  const actor = actorIn(request).name;
  await db.transaction().execute(async (tx) => {
    const now = clock.now();
    await apply(tx, { actor, note, now });
    await appendAudit(tx, { at: now, actor, act: `alert.${name}`, subject: `alert:${id}`, data });
  });
  return detailOf(db, id);
}

async function detailOf(db: Db, id: number): Promise<AlertDetail> {
  const alert = await getAlert(db, id);
  if (!alert) throw new GuanlanError('not-found', `没有编号为 ${id} 的预警。`);
  return {
    ...alertViewOf(alert),
    items: alert.items.map((item) => ({
      ...item,
      publishedAt: item.publishedAt?.toISOString() ?? null,
      collectedAt: item.collectedAt.toISOString(),
    })),
    timeline: alert.timeline.map(({ id: entryId, at, kind, actor, note }) => ({
      id: entryId,
      at: at.toISOString(),
      kind,
      title: entryTitle(kind),
      actor,
      note,
    })),
    notifications: alert.notifications.map(notificationViewOf),
    next: [...alert.next],
  };
}

function notificationViewOf({ alertId: _, tries, ...row }: AlertDetailRow['notifications'][number]) {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    lastResponse: tries.at(-1)?.response ?? '',
  };
}

function entryTitle(kind: string): string {
  return (alertEntryTitles as Record<string, string>)[kind] ?? kind;
}
