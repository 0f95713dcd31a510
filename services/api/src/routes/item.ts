import { explanationView, type ItemView, idParams, itemDetail, itemPage, itemQuery } from '@guanlan/contracts';
import { getItem, type ItemRow, listItems, listRevisions } from '@guanlan/database';
import { GuanlanError, levelOfRank, levelRank } from '@guanlan/domain';
import type { ApiContext, ApiServer } from '../context.ts';
import { createJudges } from '../lexicon/judges.ts';
import { problemResponse } from '../problem.ts';

export function addItemRoutes(app: ApiServer, { db }: ApiContext): void {
  const judgeOf = createJudges(db);

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

  app.get(
    '/api/v1/items/:id/explanation',
    {
      config: { permission: 'read' },
      schema: {
        summary: '说明卡：为什么是这个级别，什么提高了它，什么压低了它，差一点命中的规则',
        tags: ['item'],
        params: idParams,
        response: { 200: explanationView, default: problemResponse },
      },
    },
    async ({ params: { id } }) => {
      const item = await getItem(db, id);
      if (!item) throw new GuanlanError('not-found', `没有编号为 ${id} 的信息。`);
      if (item.judged === null) throw new GuanlanError('conflict', `信息 ${id} 还在等待评估，通常几秒内完成。`);
      const judge = await judgeOf(item.judged.revisionId);
      return judge.explain({ title: item.title, text: item.text, sourceKind: item.authorKind });
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
