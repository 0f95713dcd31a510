import { idParams, type SourceTrial, sourceKindList, sourceTrial, sourceTrialChange, sourceTrialRequest } from '@guanlan/contracts';
import { appendAudit } from '@guanlan/database';
import { errorTable, GuanlanError, toGuanlanError } from '@guanlan/domain';
import { formOf, loadSources as loadSourceKinds } from '@guanlan/sources';
import type { FastifyRequest } from 'fastify';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer, SourceLook, SourceToTry } from '../context.ts';
import { problemResponse } from '../problem.ts';
import { checkOptions, fetchableSource, withSecretsOf } from '../source.ts';

/** A person waits for the answer, and each article takes its turn at its host. */
const articles = 5;
const shown = { items: 20, examples: 5, snippet: 160 };
const rateLimit = { max: 12, timeWindow: 60_000 };

/** Trying a source: what would be stored, what would not, and why. Whoever may define sources may try them. */
export function addSourceTrialRoutes(app: ApiServer, context: ApiContext): void {
  const { db, clock } = context;

  app.get(
    '/api/v1/source-kinds',
    {
      config: { permission: 'read' },
      schema: { summary: '信息源的种类及其选项', tags: ['source'], response: { 200: sourceKindList, default: problemResponse } },
    },
    async () => ({ rows: (await loadSourceKinds()).kinds.map(formOf) }),
  );

  app.post(
    '/api/v1/sources/test',
    {
      config: { permission: 'manage', rateLimit },
      schema: {
        summary: '试抓一个网址：读一次，说明会存入什么、什么不存、为什么；不写入',
        tags: ['source'],
        body: sourceTrialRequest,
        response: { 200: sourceTrial, default: problemResponse },
      },
    },
    async (request) => {
      const { kind, url, options, allowPrivate } = request.body;
      if (kind !== undefined) await checkOptions(kind, url, options);
      await noteTrial(request, 'sources', { kind: kind ?? null, url });
      return tried(lookOf(context), { kind, url, options, allowPrivate });
    },
  );

  app.post(
    '/api/v1/sources/:id/test',
    {
      config: { permission: 'manage', rateLimit },
      schema: {
        summary: '试抓一个已有的信息源，可以带上还没有保存的改动；不写入',
        tags: ['source'],
        params: idParams,
        body: sourceTrialChange,
        response: { 200: sourceTrial, default: problemResponse },
      },
    },
    async (request) => {
      const row = await fetchableSource(db, request.params.id);
      const { url = row.url, allowPrivate = row.allowPrivate, options: wanted } = request.body;
      const options = wanted === undefined ? row.options : await withSecretsOf(row, wanted);
      await checkOptions(row.kind, url, options);
      await noteTrial(request, `source:${row.id}`, { kind: row.kind, url });
      return tried(lookOf(context), { kind: row.kind, url, options, allowPrivate });
    },
  );

  function noteTrial(request: FastifyRequest, subject: string, data: Record<string, unknown>): Promise<unknown> {
    return appendAudit(db, { at: clock.now(), actor: actorIn(request).name, act: 'source.test', subject, data });
  }
}

function lookOf({ sourceLook }: ApiContext): SourceLook {
  if (sourceLook === null) throw new GuanlanError('conflict', '这个进程不能访问外网，不能试抓；请用命令 source test。');
  return sourceLook;
}

/** A source that cannot be read is what a trial is for: the reason is its answer. */
async function tried(look: SourceLook, asked: SourceToTry): Promise<SourceTrial> {
  try {
    const described = await look.describe(asked);
    const limited = 'limit' in (await loadSourceKinds()).get(described.kind).options.shape;
    const options = { ...described.options, ...(limited ? { limit: articles } : {}) };
    const { items, skipped, refused } = await look.try({ ...described, options }, asked.allowPrivate);
    const why = [...refused, ...Array.from({ length: skipped }, () => ({ what: '', why: '既没有标题也没有正文' }))];
    return {
      ...{ kind: described.kind, title: described.title, url: described.url, count: items.length, limit: limited ? articles : null },
      items: items.slice(0, shown.items).map(({ title, url, publishedAt, text, redactions }) => ({
        ...{ title, url, publishedAt: publishedAt?.toISOString() ?? null, length: text.length, redactions },
        snippet: text.slice(0, shown.snippet).toWellFormed(),
      })),
      refused: [...Map.groupBy(why, (entry) => entry.why)].map(([reason, entries]) => ({
        ...{ why: reason, count: entries.length },
        examples: entries.flatMap(({ what }) => (what === '' ? [] : what)).slice(0, shown.examples),
      })),
      fault: null,
    };
  } catch (error) {
    const { code, message } = toGuanlanError(error);
    if (code === 'internal') throw error;
    const fault = { code, title: errorTable[code].title, message };
    return { kind: asked.kind ?? '', title: null, url: asked.url, count: 0, items: [], refused: [], limit: null, fault };
  }
}
