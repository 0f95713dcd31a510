import { pipeline } from 'node:stream/promises';
import {
  idParams,
  type LexiconPreviewLine,
  lexiconCheckRequest,
  lexiconCheckView,
  lexiconDraftParams,
  lexiconDraftRequest,
  lexiconDraftView,
  lexiconPreviewLine,
  lexiconPreviewRequest,
  lexiconPublishRequest,
  lexiconRevisionDetail,
  lexiconRevisionPage,
  lexiconRevisionView,
  lexiconView,
  lexiconVolumeRequest,
  lexiconVolumeView,
  pageQuery,
  reassessmentView,
} from '@guanlan/contracts';
import {
  appendAudit,
  currentLexicon,
  type Db,
  getLexiconRevision,
  type LexiconRevisionRow,
  listLexiconRevisions,
  type Reassessment,
  readLexiconDraft,
  readReassessment,
  removeLexiconDraft,
  saveLexiconDraft,
} from '@guanlan/database';
import { GuanlanError, toGuanlanError } from '@guanlan/domain';
import { inspectLexicon, lexiconDigest, warningsApart } from '@guanlan/lexicon';
import { z } from 'zod';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { type PreviewStep, previewDraft } from '../lexicon/preview.ts';
import { publishRevision } from '../lexicon/publish.ts';
import { measureVolume } from '../lexicon/volume.ts';
import { problemResponse } from '../problem.ts';
import { securityHeaders } from '../security-headers.ts';

/** A lexicon has at most four million characters. */
const bodyLimit = 16 * 1024 * 1024;

export function addLexiconRoutes(app: ApiServer, context: ApiContext): void {
  const { db, clock } = context;

  app.get(
    '/api/v1/lexicon',
    {
      config: { permission: 'read' },
      schema: { summary: '现行词库、草稿和重新评估的进度', tags: ['lexicon'], response: { 200: lexiconView, default: problemResponse } },
    },
    async () => {
      const current = await currentLexicon(db);
      const [revision, draft, reassessment] = await Promise.all([
        current === null ? null : getLexiconRevision(db, current.id),
        readLexiconDraft(db),
        readReassessment(db),
      ]);
      return {
        revision: revision && { ...revisionViewOf(revision), body: revision.body },
        draft: draft && { ...draft, updatedAt: draft.updatedAt.toISOString() },
        reassessment: reassessment && reassessmentViewOf(reassessment),
      };
    },
  );

  app.get(
    '/api/v1/lexicon/reassessment',
    {
      config: { permission: 'read' },
      schema: {
        summary: '重新评估的进度；没有进行过时为 null',
        tags: ['lexicon'],
        response: { 200: reassessmentView.nullable(), default: problemResponse },
      },
    },
    async () => {
      const reassessment = await readReassessment(db);
      return reassessment && reassessmentViewOf(reassessment);
    },
  );

  app.get(
    '/api/v1/lexicon/revisions',
    {
      config: { permission: 'read' },
      schema: {
        summary: '发布过的版本，新的在前',
        tags: ['lexicon'],
        querystring: pageQuery,
        response: { 200: lexiconRevisionPage, default: problemResponse },
      },
    },
    async ({ query: { before, limit } }) => {
      const rows = await listLexiconRevisions(db, { before, limit });
      return { rows: rows.map(revisionViewOf), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    '/api/v1/lexicon/revisions/:id',
    {
      config: { permission: 'read' },
      schema: {
        summary: '一个版本的全文',
        tags: ['lexicon'],
        params: idParams,
        response: { 200: lexiconRevisionDetail, default: problemResponse },
      },
    },
    async ({ params: { id } }) => {
      const revision = await getLexiconRevision(db, id);
      if (revision === null) throw new GuanlanError('not-found', `没有第 ${id} 版词库。`);
      return { ...revisionViewOf(revision), body: revision.body };
    },
  );

  app.put(
    '/api/v1/lexicon/draft',
    {
      config: { permission: 'act' },
      bodyLimit,
      schema: {
        summary: '保存草稿；别人同时改过时回答 409',
        tags: ['lexicon'],
        body: lexiconDraftRequest,
        response: { 200: lexiconDraftView, default: problemResponse },
      },
    },
    async (request) => {
      const author = actorIn(request).name;
      const draft = request.body;
      const now = clock.now();
      const version = await db.transaction().execute(async (tx) => {
        if ((await getLexiconRevision(tx, draft.baseRevisionId)) === null)
          throw new GuanlanError('not-found', `没有第 ${draft.baseRevisionId} 版词库。`);
        const saved = await saveLexiconDraft(tx, { ...draft, author, now });
        const data = { version: saved, digest: lexiconDigest(draft.body).slice(0, 12) };
        await appendAudit(tx, { at: now, actor: author, act: 'lexicon.draft', subject: 'lexicon:draft', data });
        return saved;
      });
      return { baseRevisionId: draft.baseRevisionId, body: draft.body, version, author, updatedAt: now.toISOString() };
    },
  );

  app.delete(
    '/api/v1/lexicon/draft',
    {
      config: { permission: 'act' },
      schema: {
        summary: '放弃草稿',
        tags: ['lexicon'],
        querystring: lexiconDraftParams,
        response: { 204: z.null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { version } = request.query;
      await db.transaction().execute(async (tx) => {
        await removeLexiconDraft(tx, version);
        await appendAudit(tx, {
          ...{ at: clock.now(), actor: actorIn(request).name, act: 'lexicon.discard', subject: 'lexicon:draft', data: { version } },
        });
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/lexicon/check',
    {
      config: { permission: 'read' },
      bodyLimit,
      schema: {
        summary: '检查一份词库：错误逐处写明行、列、怎么改，并跑它自己的例子',
        tags: ['lexicon'],
        body: lexiconCheckRequest,
        response: { 200: lexiconCheckView, default: problemResponse },
      },
    },
    async ({ body: { body } }) => {
      const { lexicon, faults, examples, failed } = inspectLexicon(body);
      const warnings = lexicon === null ? [] : await warningsApart(body);
      return { rules: lexicon?.rules.length ?? 0, faults, examples, failed: failed.map(({ fault }) => fault), warnings };
    },
  );

  app.post(
    '/api/v1/lexicon/preview',
    {
      config: { permission: 'act' },
      bodyLimit,
      schema: {
        summary: '在已存信息上试一份词库：逐条规则列出新命中的和不再命中的；边做边答，每行一个 JSON',
        tags: ['lexicon'],
        body: lexiconPreviewRequest,
        response: {
          200: { description: '进度，最后一行是结果', content: { 'application/x-ndjson': { schema: lexiconPreviewLine } } },
          default: problemResponse,
        },
      },
    },
    async ({ body: { body, items } }, reply) => {
      const steps = previewDraft(db, body, items);
      // Faults of the draft are told as a problem, before the answer begins.
      const first = await steps.next();
      reply.hijack();
      reply.raw.writeHead(200, { ...securityHeaders, 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' });
      // A reader that goes away ends the work.
      await pipeline(lines(first, steps), reply.raw).catch(() => {});
    },
  );

  app.post(
    '/api/v1/lexicon/volume',
    {
      config: { permission: 'act' },
      bodyLimit,
      schema: {
        summary: '一份词库在最近一周的信息上会多出多少预警提示，逐条规则；平时是多少',
        tags: ['lexicon'],
        body: lexiconVolumeRequest,
        response: { 200: lexiconVolumeView, default: problemResponse },
      },
    },
    async ({ body: { body } }) => ({ volume: await measureVolume(db, body, clock.now()) }),
  );

  app.post(
    '/api/v1/lexicon/publish',
    {
      config: { permission: 'act' },
      schema: {
        summary: '发布草稿；检查或自己的例子通不过的不能发布，会多出很多预警提示的须写明接受多少。随后在后台重新评估已存信息',
        tags: ['lexicon'],
        body: lexiconPublishRequest,
        response: { 200: lexiconRevisionView, default: problemResponse },
      },
    },
    async (request) => {
      const { version, note, acceptVolume } = request.body;
      const draft = await readLexiconDraft(db);
      if (draft === null) throw new GuanlanError('conflict', '没有草稿可发布，可能已被发布或放弃，请重新载入。');
      const { baseRevisionId } = draft;
      const author = actorIn(request).name;
      const { id } = await publishRevision(db, {
        ...{ text: draft.body, note, author, now: clock.now(), draft: { version, baseRevisionId }, acceptVolume },
      });
      return revisionViewOf(await published(db, id));
    },
  );
}

async function* lines(first: IteratorResult<PreviewStep, void>, rest: AsyncGenerator<PreviewStep>): AsyncGenerator<string> {
  const line = (step: LexiconPreviewLine) => `${JSON.stringify(step)}\n`;
  try {
    if (!first.done) yield line(first.value);
    for await (const step of rest) yield line(step);
  } catch (error) {
    // The status has been sent; the last line says what happened.
    yield line({ error: toGuanlanError(error).message });
  }
}

async function published(db: Db, id: number): Promise<LexiconRevisionRow> {
  const revision = await getLexiconRevision(db, id);
  if (revision === null) throw new GuanlanError('not-found', `没有第 ${id} 版词库。`);
  return revision;
}

function revisionViewOf({ id, digest, note, author, publishedAt, length }: LexiconRevisionRow) {
  return { id, digest, note, author, publishedAt: publishedAt.toISOString(), length };
}

function reassessmentViewOf(row: Reassessment) {
  return {
    ...row,
    requestedAt: row.requestedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
