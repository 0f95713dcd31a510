import { auditPage, auditVerification, pageQuery } from '@guanlan/contracts';
import { listAudit, verifyAudit } from '@guanlan/database';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

export function addAuditRoutes(app: ApiServer, { db }: ApiContext): void {
  app.get(
    '/api/v1/audit',
    {
      config: { permission: 'audit' },
      schema: {
        summary: '审计日志，新的在前',
        tags: ['audit'],
        querystring: pageQuery,
        response: { 200: auditPage, default: problemResponse },
      },
    },
    async ({ query: { before, limit } }) => {
      const rows = await listAudit(db, { before, limit });
      return {
        rows: rows.map((row) => ({ ...row, at: row.at.toISOString(), hash: row.hash.toString('hex') })),
        next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
      };
    },
  );

  app.get(
    '/api/v1/audit/verification',
    {
      config: { permission: 'audit' },
      schema: { summary: '重新计算并核对审计链', tags: ['audit'], response: { 200: auditVerification, default: problemResponse } },
    },
    async () => verifyAudit(db),
  );
}
