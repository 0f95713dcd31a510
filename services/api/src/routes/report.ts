import { receiptParams, reportFormView, reportPage, reportQuery, reportReceiptView, reportRequest } from '@guanlan/contracts';
import { getDirectReport, listDirectReports } from '@guanlan/database';
import { GuanlanError, reportLimits } from '@guanlan/domain';
import type { FastifyRequest } from 'fastify';
import { unitIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';
import { fileReport, receiptFrom, receiptViewOf, reportPlaces, reportViewOf } from '../report.ts';

/** A unit's link is used by one office: what a person can do by hand fits in, what a program would do does not. */
export const unitRate = (max: number) => ({
  max,
  timeWindow: 60_000,
  keyGenerator: ({ actor, ip }: FastifyRequest) => (actor?.kind === 'unit' ? `unit:${actor.unit.id}` : ip),
});

const security = [{ unit: [] }];

export function addReportRoutes(app: ApiServer, context: ApiContext): void {
  const { db } = context;

  app.get(
    '/api/v1/report-form',
    {
      config: { permission: 'report', rateLimit: unitRate(60) },
      schema: {
        summary: '直报表单所需：单位、乡镇村名单、限制',
        tags: ['report'],
        security,
        response: { 200: reportFormView, default: problemResponse },
      },
    },
    async (request) => {
      const { name, kind } = unitIn(request);
      const { attachments, attachmentBytes } = reportLimits;
      return {
        unit: { name, kind },
        places: await reportPlaces(db),
        limits: { attachments: context.attachmentsDir === null ? 0 : attachments, attachmentBytes },
      };
    },
  );

  app.post(
    '/api/v1/reports',
    {
      config: { permission: 'report', rateLimit: unitRate(20) },
      schema: {
        summary: '直报。同一 idempotencyKey 只收一次（再发回答 200）；先用 report-attachments 传附件',
        tags: ['report'],
        security,
        body: reportRequest,
        response: { 200: reportReceiptView, 201: reportReceiptView, default: problemResponse },
      },
    },
    async (request, reply) => {
      const unit = unitIn(request);
      const { receipt, filed } = await fileReport(context, unit, request.body);
      reply.code(filed ? 201 : 200);
      return own(receipt, unit.id);
    },
  );

  app.get(
    '/api/v1/reports/:receipt',
    {
      config: { permission: 'report', rateLimit: unitRate(60) },
      schema: {
        summary: '本单位一份直报的办理情况',
        tags: ['report'],
        security,
        params: receiptParams,
        response: { 200: reportReceiptView, default: problemResponse },
      },
    },
    async (request) => own(receiptFrom(request.params.receipt), unitIn(request).id),
  );

  app.get(
    '/api/v1/reports',
    {
      config: { permission: 'read' },
      schema: {
        summary: '直报列表，新的在前',
        tags: ['report'],
        querystring: reportQuery,
        response: { 200: reportPage, default: problemResponse },
      },
    },
    async ({ query: { before, limit, unit, unalerted } }) => {
      const rows = await listDirectReports(db, { before, limit, unitId: unit, unalerted });
      return { rows: rows.map(reportViewOf), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null };
    },
  );

  /** Another unit's report is answered as one that does not exist. */
  async function own(receipt: string, unitId: number) {
    const row = await getDirectReport(db, receipt, unitId);
    if (!row) throw new GuanlanError('not-found', `本单位没有回执号为 ${receipt} 的上报。`);
    return receiptViewOf(row);
  }
}
