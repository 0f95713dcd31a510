import { idParams, type ReportUnitView, reportUnitCreated, reportUnitList, reportUnitRequest, reportUnitView } from '@guanlan/contracts';
import { appendAudit, createReportUnit, type Db, listReportUnits, type ReportUnitRow, revokeReportUnit } from '@guanlan/database';
import { GuanlanError } from '@guanlan/domain';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

export function addReportUnitRoutes(app: ApiServer, { db, clock }: ApiContext): void {
  app.get(
    '/api/v1/report-units',
    {
      config: { permission: 'manage' },
      schema: { summary: '直报单位', tags: ['report'], response: { 200: reportUnitList, default: problemResponse } },
    },
    async () => ({ rows: (await listReportUnits(db)).map(viewOf) }),
  );

  app.post(
    '/api/v1/report-units',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '新建直报单位；链接只在这次回答中',
        tags: ['report'],
        body: reportUnitRequest,
        response: { 201: reportUnitCreated, default: problemResponse },
      },
    },
    async (request, reply) => {
      const now = clock.now();
      const unit = await db.transaction().execute(async (tx) => {
        const { token, id, name, kind } = await createReportUnit(tx, request.body, now);
        await appendAudit(tx, {
          at: now,
          actor: actorIn(request).name,
          act: 'report-unit.add',
          subject: `report-unit:${id}`,
          data: { name, kind },
        });
        return { id, name, kind, link: `/report?unit=${token}` };
      });
      reply.code(201);
      return unit;
    },
  );

  app.post(
    '/api/v1/report-units/:id/revoke',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '停用直报单位的链接；已有上报保留',
        tags: ['report'],
        params: idParams,
        response: { 200: reportUnitView, default: problemResponse },
      },
    },
    async (request) => {
      const { id } = request.params;
      const now = clock.now();
      await db.transaction().execute(async (tx) => {
        if (!(await revokeReportUnit(tx, id, now))) throw new GuanlanError('not-found', `没有编号为 ${id} 的在用直报单位。`);
        await appendAudit(tx, { at: now, actor: actorIn(request).name, act: 'report-unit.revoke', subject: `report-unit:${id}` });
      });
      return unitOf(db, id);
    },
  );
}

async function unitOf(db: Db, id: number): Promise<ReportUnitView> {
  const row = (await listReportUnits(db)).find((unit) => unit.id === id);
  if (!row) throw new GuanlanError('not-found', `没有编号为 ${id} 的直报单位。`);
  return viewOf(row);
}

function viewOf({ id, name, kind, reports, createdAt, lastUsedAt, revokedAt }: ReportUnitRow): ReportUnitView {
  return {
    ...{ id, name, kind, reports, createdAt: createdAt.toISOString() },
    ...{ lastUsedAt: lastUsedAt?.toISOString() ?? null, revokedAt: revokedAt?.toISOString() ?? null },
  };
}
