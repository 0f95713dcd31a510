import { type ItemView, idParams, itemDetail, itemPage, itemQuery } from '@guanlan/contracts';
import { getItem, type ItemRow, listItems, listRevisions } from '@guanlan/database';
import { GuanlanError, levelOfRank, levelRank } from '@guanlan/domain';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

export function addItemRoutes(app: ApiServer, { db }: ApiContext): void {
  app.get(
    '/api/v1/items',
    {
      config: { permission: 'read' },
      schema: {
        summary: '信息列表，新的在前',
        tags: ['item'],
        querystring: itemQuery,
        response: { 200: itemPage, default: problemResponse },
      },
    },
    async ({ query: { before, limit, level, category, relevant, source } }) => {
      const rows = await listItems(db, {
        ...{ before, limit, category, relevant, sourceId: source },
        minRank: level === undefined ? undefined : levelRank(level),
      });
      return { rows: rows.map(viewOf), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    '/api/v1/items/:id',
    {
      config: { permission: 'read' },
      schema: {
        summary: '一条信息及其评估、依据',
        tags: ['item'],
        params: idParams,
        response: { 200: itemDetail, default: problemResponse },
      },
    },
    async ({ params: { id } }) => {
      const item = await getItem(db, id);
      if (!item) throw new GuanlanError('not-found', `没有编号为 ${id} 的信息。`);
      const view = viewOf(item);
      const { judged } = item;
      return {
        ...view,
        text: item.text,
        assessment: view.assessment &&
          judged && {
            ...view.assessment,
            revisionId: judged.revisionId,
            assessedAt: judged.assessedAt.toISOString(),
            reasons: judged.reasons ?? [],
            suppressed: judged.suppressed ?? [],
          },
        revisions: (await listRevisions(db, id)).map((revision) => ({ ...revision, at: revision.at.toISOString() })),
        alertIds: item.alertIds,
        tally: item.tally,
      };
    },
  );
}

function viewOf(row: ItemRow): ItemView {
  return {
    id: row.id,
    title: row.title,
    snippet: row.snippet,
    url: row.url,
    source: { id: row.sourceId, name: row.sourceName, kind: row.sourceKind },
    authorKind: row.authorKind,
    publishedAt: row.publishedAt?.toISOString() ?? null,
    collectedAt: row.collectedAt.toISOString(),
    eventId: row.eventId,
    assessment: row.assessment && {
      level: levelOfRank(row.assessment.rank),
      score: row.assessment.score,
      categories: row.assessment.categories,
      places: row.assessment.places,
      local: row.assessment.local,
      relevant: row.assessment.relevant,
    },
  };
}
