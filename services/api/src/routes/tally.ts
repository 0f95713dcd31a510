import { tallyPage, tallyQuery } from '@guanlan/contracts';
import { listTally } from '@guanlan/database';
import { yearOf } from '@guanlan/domain';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

export function addTallyRoutes(app: ApiServer, { db, clock }: ApiContext): void {
  app.get(
    '/api/v1/tally',
    {
      config: { permission: 'read' },
      schema: {
        summary: '年度数字背后的每一条',
        tags: ['progress'],
        querystring: tallyQuery,
        response: { 200: tallyPage, default: problemResponse },
      },
    },
    async ({ query: { year = yearOf(clock.now()), state, after, limit } }) => {
      const rows = await listTally(db, { year, after, limit, ...(state === undefined ? {} : { state }) });
      return {
        year,
        rows: rows.map((row) => ({ ...row, collectedAt: row.collectedAt.toISOString() })),
        next: rows.length === limit ? (rows.at(-1)?.itemId ?? null) : null,
      };
    },
  );
}
