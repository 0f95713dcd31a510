import { idParams, sourceChangeRequest, sourceDetail, sourceList, sourceRequest, sourceView } from '@guanlan/contracts';
import {
  addSource,
  appendAudit,
  changeSource,
  coverageDays,
  type Db,
  listSources,
  makeSourcesDue,
  readCanary,
  removeSource,
  setSourcePaused,
} from '@guanlan/database';
import { type CanaryStanding, canaryStanding, coverageScore, GuanlanError } from '@guanlan/domain';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';
import { checkOptions, editedOptions, existingSource, fetchableSource, rhythmOf, sourceDetailOf, sourceViewOf } from '../source.ts';

export function addSourceRoutes(app: ApiServer, context: ApiContext): void {
  const { db, bus, clock, logger } = context;
  const viewOf = async (id: number) => sourceViewOf(await existingSource(db, id));

  app.get(
    '/api/v1/sources',
    {
      config: { permission: 'read' },
      schema: { summary: '信息源及其健康状况、覆盖率', tags: ['source'], response: { 200: sourceList, default: problemResponse } },
    },
    async () => {
      const [rows, canary] = await Promise.all([listSources(db), readCanary(db)]);
      const measured = rows.flatMap(({ coverage }) => coverage ?? []);
      const score = coverageScore(measured);
      return {
        rows: rows.map(sourceViewOf),
        canary: canary && canaryView(canaryStanding(canary, clock.now())),
        coverage: { score: score === null ? null : Math.min(1, score), days: coverageDays, sources: measured.length },
      };
    },
  );

  app.get(
    '/api/v1/sources/:id',
    {
      config: { permission: 'read' },
      schema: {
        summary: '一个信息源：选项、健康状况、最近的检查',
        tags: ['source'],
        params: idParams,
        response: { 200: sourceDetail, default: problemResponse },
      },
    },
    async ({ params: { id } }) => sourceDetailOf(db, id),
  );

  app.post(
    '/api/v1/sources',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '添加信息源；类型和网址都相同的已有时回答 200 和已有的那个',
        tags: ['source'],
        body: sourceRequest,
        response: { 200: sourceView, 201: sourceView, default: problemResponse },
      },
    },
    async (request, reply) => {
      const { name, everySeconds, ...wanted } = request.body;
      const options = await checkOptions(wanted.kind, wanted.url, wanted.options);
      const source = { ...wanted, ...rhythmOf(everySeconds), options, name: name ?? new URL(wanted.url).host };
      const { id, added } = await db.transaction().execute(async (tx) => {
        const result = await addSource(tx, source);
        const { kind, url, local, allowPrivate } = source;
        if (result.added) await record(tx, context, request, 'add', result.id, { kind, url, local, allowPrivate });
        return result;
      });
      reply.code(added ? 201 : 200);
      return viewOf(id);
    },
  );

  app.patch(
    '/api/v1/sources/:id',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '修改信息源；改了网址或选项就重新开始观察',
        tags: ['source'],
        params: idParams,
        body: sourceChangeRequest,
        response: { 200: sourceView, default: problemResponse },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { options: wanted, everySeconds, ...change } = request.body;
      const row = await fetchableSource(db, id);
      const options = await editedOptions(row, change.url, wanted);
      const rhythm = everySeconds === undefined ? undefined : rhythmOf(everySeconds);
      await db.transaction().execute(async (tx) => {
        await changeSource(tx, id, { ...change, options, rhythm }, clock.now());
        const before = { name: row.name, url: row.url, local: row.local, allowPrivate: row.allowPrivate };
        const fields = Object.entries(request.body).flatMap(([field, value]) => (value === undefined ? [] : field));
        await record(tx, context, request, 'edit', id, { fields, before, ...(change.url === undefined ? {} : { url: change.url }) });
      });
      return viewOf(id);
    },
  );

  app.delete(
    '/api/v1/sources/:id',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '不再监测；它带来的信息保留',
        tags: ['source'],
        params: idParams,
        response: { 204: z.null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await fetchableSource(db, id);
      await db.transaction().execute(async (tx) => {
        await removeSource(tx, id, clock.now());
        await record(tx, context, request, 'remove', id);
      });
      return reply.code(204).send(null);
    },
  );

  for (const [name, summary, paused] of [
    ['pause', '暂停', true],
    ['resume', '恢复，并马上看一次', false],
  ] as const) {
    app.post(
      `/api/v1/sources/:id/${name}`,
      {
        config: { permission: 'manage' },
        schema: { summary, tags: ['source'], params: idParams, response: { 200: sourceView, default: problemResponse } },
      },
      async (request) => {
        const { id } = request.params;
        await fetchableSource(db, id);
        await db.transaction().execute(async (tx) => {
          await setSourcePaused(tx, id, paused, clock.now());
          await record(tx, context, request, name, id);
        });
        return viewOf(id);
      },
    );
  }

  app.post(
    '/api/v1/sources/:id/run',
    {
      config: { permission: 'act' },
      schema: { summary: '马上看一次', tags: ['source'], params: idParams, response: { 200: sourceView, default: problemResponse } },
    },
    async (request) => {
      const { id } = request.params;
      if ((await fetchableSource(db, id)).paused) throw new GuanlanError('conflict', `信息源 ${id} 已暂停，请先恢复。`);
      await db.transaction().execute(async (tx) => {
        await makeSourcesDue(tx, [id], clock.now());
        await record(tx, context, request, 'run', id);
      });
      // Due is due: should the bell fail, the crawler's own look finds it.
      await bus
        .ring('source.due', { sourceIds: [id] })
        .catch((err: unknown) => logger.warn({ err }, 'bell not rung, the crawler will look by itself'));
      return viewOf(id);
    },
  );
}

function canaryView({ state, sentence }: CanaryStanding): { state: CanaryStanding['state']; sentence: string } {
  return { state, sentence };
}

async function record(
  tx: Db,
  { clock }: ApiContext,
  request: FastifyRequest,
  act: string,
  id: number,
  data: Record<string, unknown> = {},
): Promise<void> {
  await appendAudit(tx, { at: clock.now(), actor: actorIn(request).name, act: `source.${act}`, subject: `source:${id}`, data });
}
