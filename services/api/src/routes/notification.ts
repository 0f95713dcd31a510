import { idParams, ledgerPage, notificationQuery } from '@guanlan/contracts';
import { listNotifications, resendNotification, sumLedger } from '@guanlan/database';
import { z } from 'zod';
import { change } from '../change.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { notificationViewOf } from '../notification-view.ts';
import { problemResponse } from '../problem.ts';

export function addNotificationRoutes(app: ApiServer, context: ApiContext): void {
  const { db } = context;

  app.get(
    '/api/v1/notifications',
    {
      config: { permission: 'read' },
      schema: {
        summary: '通知台账，新的在前',
        tags: ['notification'],
        querystring: notificationQuery,
        response: { 200: ledgerPage, default: problemResponse },
      },
    },
    async ({ query: { before, limit, state } }) => {
      const rows = await listNotifications(db, { before, limit, state });
      return {
        rows: rows.map((row) => ({ ...notificationViewOf(row), alertId: row.alertId, tries: row.tries })),
        next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
        sums: await sumLedger(db),
      };
    },
  );

  app.post(
    '/api/v1/notifications/:id/resend',
    {
      config: { permission: 'act' },
      schema: {
        summary: '重发一条未送达的通知，沿用原来的幂等键',
        tags: ['notification'],
        params: idParams,
        response: { 204: z.null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await change(context, request, 'notification.resend', async (tx, by) => {
        await resendNotification(tx, id, by);
        return { subject: `notification:${id}`, answer: null };
      });
      return reply.code(204).send(null);
    },
  );
}
