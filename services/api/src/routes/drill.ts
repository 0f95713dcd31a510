import { drillList, drillReport, drillRequest, idParams } from '@guanlan/contracts';
import { listDrills } from '@guanlan/database';
import { loadDrillScripts } from '@guanlan/runtime';
import { z } from 'zod';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { beginDrill, breakOffDrill, drillViewOf, reportDrill } from '../drill.ts';
import { problemResponse } from '../problem.ts';

export function addDrillRoutes(app: ApiServer, context: ApiContext): void {
  const { db, clock } = context;

  app.get(
    '/api/v1/drills',
    {
      config: { permission: 'read' },
      schema: { summary: '演练，新的在前，以及可用的脚本', tags: ['drill'], response: { 200: drillList, default: problemResponse } },
    },
    async () => ({
      rows: (await listDrills(db, 50)).map(drillViewOf),
      scripts: (await loadDrillScripts()).map(({ id, title, aim, steps }) => ({ id, title, aim, steps: steps.length })),
    }),
  );

  app.post(
    '/api/v1/drills',
    {
      config: { permission: 'act' },
      schema: {
        summary: '开始演练：信息全程标明演练，不计入任何统计',
        tags: ['drill'],
        body: drillRequest,
        response: { 201: z.object({ id: z.int() }), default: problemResponse },
      },
    },
    async (request, reply) => {
      const id = await beginDrill({ db, clock, actor: actorIn(request).name }, request.body.script);
      return reply.code(201).send({ id });
    },
  );

  app.post(
    '/api/v1/drills/:id/end',
    {
      config: { permission: 'act' },
      schema: { summary: '结束演练', tags: ['drill'], params: idParams, response: { 204: z.null(), default: problemResponse } },
    },
    async (request, reply) => {
      await breakOffDrill({ db, clock, actor: actorIn(request).name }, request.params.id);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/v1/drills/:id/report',
    {
      config: { permission: 'read' },
      schema: {
        summary: '演练报告：每一步的用时和时限',
        tags: ['drill'],
        params: idParams,
        response: { 200: drillReport, default: problemResponse },
      },
    },
    async ({ params: { id } }) => reportDrill({ db, clock }, id),
  );
}
