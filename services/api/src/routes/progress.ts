import { progressView, yearQuery } from '@guanlan/contracts';
import { readProgress } from '@guanlan/database';
import { yearOf } from '@guanlan/domain';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

export function addProgressRoutes(app: ApiServer, { db, clock, indicators }: ApiContext): void {
  app.get(
    '/api/v1/progress',
    {
      config: { permission: 'read' },
      schema: {
        summary: '一年的绩效进度',
        tags: ['progress'],
        querystring: yearQuery,
        response: { 200: progressView, default: problemResponse },
      },
    },
    async ({ query }) => {
      const now = clock.now();
      return readProgress(db, { year: query.year ?? yearOf(now), now, projects: indicators });
    },
  );
}
