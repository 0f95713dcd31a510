import { alertPolicyList, alertPolicyRequest } from '@guanlan/contracts';
import { listAlertPolicies, publishAlertPolicy } from '@guanlan/database';
import type { AlertPolicy } from '@guanlan/domain';
import { loadAlertPolicy } from '@guanlan/runtime';
import { z } from 'zod';
import { change } from '../change.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

/** Clocks, escalation and suppression, as published revisions. */
export function addAlertPolicyRoutes(app: ApiServer, context: ApiContext): void {
  const { db } = context;

  app.get(
    '/api/v1/alert-policies',
    {
      config: { permission: 'read' },
      schema: { summary: '处置规则的各个版本，新的在前', tags: ['alert'], response: { 200: alertPolicyList, default: problemResponse } },
    },
    async () => ({
      rows: (await listAlertPolicies(db, 50)).map((row) => ({ ...row, publishedAt: row.publishedAt.toISOString() })),
      shipped: await loadAlertPolicy(),
    }),
  );

  app.post(
    '/api/v1/alert-policies',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '发布处置规则；已打开的预警提示沿用打开时的版本',
        tags: ['alert'],
        body: alertPolicyRequest,
        response: { 201: z.object({ id: z.int() }), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { policy, note, base } = request.body;
      const id = await change(context, request, 'alert-policy.publish', async (tx, { actor, now }) => {
        const added = await publishAlertPolicy(tx, { policy: policy as AlertPolicy, note, actor, now, base });
        return { subject: `alert-policy:${added}`, data: { version: policy.version, note }, answer: added };
      });
      return reply.code(201).send({ id });
    },
  );
}
