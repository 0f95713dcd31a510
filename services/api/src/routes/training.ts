import { trainingList, trainingRequest, trainingView, yearQuery } from '@guanlan/contracts';
import { addTraining, appendAudit, listTrainings } from '@guanlan/database';
import { GuanlanError, refuseFuture, trainingKinds, yearOf } from '@guanlan/domain';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

export function addTrainingRoutes(app: ApiServer, { db, clock }: ApiContext): void {
  app.get(
    '/api/v1/trainings',
    {
      config: { permission: 'read' },
      schema: {
        summary: '一年的培训台账',
        tags: ['training'],
        querystring: yearQuery,
        response: { 200: trainingList, default: problemResponse },
      },
    },
    async ({ query: { year = yearOf(clock.now()) } }) => {
      const rows = await listTrainings(db, year);
      return { year, rows: rows.map((row) => ({ ...row, title: trainingKinds[row.kind].title })) };
    },
  );

  app.post(
    '/api/v1/trainings',
    {
      config: { permission: 'act' },
      schema: {
        summary: '登记一次培训',
        tags: ['training'],
        body: trainingRequest,
        response: { 201: trainingView, default: problemResponse },
      },
    },
    async (request, reply) => {
      const training = request.body;
      refuseFuture(training.heldOn, clock.now());
      const id = await db.transaction().execute(async (tx) => {
        const added = await addTraining(tx, training);
        if (added === null) throw new GuanlanError('conflict', `台账中已有 ${training.heldOn} 的《${training.topic}》。`);
        const { kind, heldOn, topic, people } = training;
        await appendAudit(tx, {
          at: clock.now(),
          actor: actorIn(request).name,
          act: 'training.add',
          subject: `training:${added}`,
          data: { kind, heldOn, topic, people },
        });
        return added;
      });
      reply.code(201);
      return { id, title: trainingKinds[training.kind].title, ...training };
    },
  );
}
