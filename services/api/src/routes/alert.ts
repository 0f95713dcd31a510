import {
  type AlertDetail,
  alertAnswerRequest,
  alertAssignRequest,
  alertCloseRequest,
  alertDetail,
  alertLevelRequest,
  alertNoteRequest,
  alertPage,
  alertPauseRequest,
  alertQuery,
  alertSettleRequest,
  idParams,
} from '@guanlan/contracts';
import {
  type AlertAct,
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
  pauseAlert,
  resumeAlert,
  settleDeadline,
  verifyAlert,
} from '@guanlan/database';
import { GuanlanError, levelRank } from '@guanlan/domain';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { alertViewOf, inForce } from '../alert-view.ts';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { notificationViewOf } from '../notification-view.ts';
import { responseViewOf } from '../official-response.ts';
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
      const view = alertViewOf(await inForce(context));
      return { rows: rows.map(view), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null };
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
    async ({ params: { id } }) => detailOf(context, id),
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

  const act = <Body extends z.ZodType<{ note: string }>>(
    name: string,
    summary: string,
    body: Body,
    apply: (tx: Db, id: number, given: z.output<Body>, act: AlertAct) => Promise<void>,
  ) => {
    app.post(
      `/api/v1/alerts/:id/${name}`,
      {
        config: { permission: 'act' },
        schema: { summary, tags: ['alert'], params: idParams, body, response: { 200: alertDetail, default: problemResponse } },
      },
      async (request) => {
        const { id } = request.params;
        const given = request.body as z.output<Body>;
        return perform(context, request, id, name, (tx, by) => apply(tx, id, given, by), given);
      },
    );
  };
  act('assign', '交办责任部门', alertAssignRequest, (tx, id, { department }, by) => assignAlert(tx, id, { ...by, department }));
  act('answer', '记录已回应、已移交或已公开澄清', alertAnswerRequest, (tx, id, { answer }, by) => answerAlert(tx, id, { ...by, answer }));
  act('level', '核定级别：确认建议的级别，或另定一个', alertLevelRequest, (tx, id, { level }, by) =>
    confirmLevel(tx, id, { ...by, rank: levelRank(level) }),
  );
  act('close', '办结', alertCloseRequest, (tx, id, { outcome }, by) => closeAlert(tx, id, { ...by, outcome }));
  act('settle', '记录时限事项已完成或不适用', alertSettleRequest, (tx, id, { deadline, waive }, by) =>
    settleDeadline(tx, id, { ...by, deadline, waive }),
  );
  act('pause', '暂停计时，须说明理由', alertPauseRequest, (tx, id, { until }, by) => pauseAlert(tx, id, { ...by, until: new Date(until) }));
}

/** Acts that take nothing but a note. */
const noteActs = {
  acknowledge: { summary: '签收', apply: acknowledgeAlert },
  verify: { summary: '核实', apply: verifyAlert },
  resume: { summary: '恢复计时', apply: resumeAlert },
} as const;

/** The act, its line in the timeline and its line in the audit log are one commit. */
async function perform(
  context: ApiContext,
  request: FastifyRequest,
  id: number,
  name: string,
  apply: (tx: Db, act: AlertAct) => Promise<void>,
  { note, ...data }: { note: string },
): Promise<AlertDetail> {
  const { db, clock } = context;
  const actor = actorIn(request).name;
  await db.transaction().execute(async (tx) => {
    const now = clock.now();
    await apply(tx, { actor, note, now });
    await appendAudit(tx, { at: now, actor, act: `alert.${name}`, subject: `alert:${id}`, data });
  });
  return detailOf(context, id);
}

async function detailOf(context: ApiContext, id: number): Promise<AlertDetail> {
  const force = await inForce(context);
  const alert = await getAlert(context.db, id, force.now);
  if (!alert) throw new GuanlanError('not-found', `没有编号为 ${id} 的预警。`);
  return {
    ...alertViewOf(force)(alert),
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
    others: alert.others.map((one) => ({ ...one, openedAt: one.openedAt.toISOString(), closedAt: one.closedAt?.toISOString() ?? null })),
    heat: alert.heat,
    response: responseViewOf(alert.response),
  };
}

function entryTitle(kind: string): string {
  return (alertEntryTitles as Record<string, string>)[kind] ?? kind;
}
