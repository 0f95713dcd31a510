import { idParams, type SourceView, sourceList, sourceRequest, sourceView } from '@guanlan/contracts';
import { addSource, appendAudit, type Db, listSources, makeSourcesDue, type SourceRow, setSourcePaused } from '@guanlan/database';
import { GuanlanError, isBrought, type SourceState } from '@guanlan/domain';
import { loadSources as loadSourceKinds } from '@guanlan/sources';
import type { FastifyRequest } from 'fastify';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { checked, problemResponse } from '../problem.ts';

export function addSourceRoutes(app: ApiServer, context: ApiContext): void {
  const { db, bus, clock, logger } = context;

  app.get(
    '/api/v1/sources',
    {
      config: { permission: 'read' },
      schema: { summary: '信息源及其健康状况', tags: ['source'], response: { 200: sourceList, default: problemResponse } },
    },
    async () => ({ rows: (await listSources(db)).map(viewOf) }),
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
      const { name, ...wanted } = request.body;
      const options = await checkOptions(wanted.kind, wanted.url, wanted.options);
      const source = { ...wanted, options, name: name ?? new URL(wanted.url).host };
      const { id, added } = await db.transaction().execute(async (tx) => {
        const result = await addSource(tx, source);
        const { kind, url, local, allowPrivate } = source;
        if (result.added) await record(tx, context, request, 'add', result.id, { kind, url, local, allowPrivate });
        return result;
      });
      reply.code(added ? 201 : 200);
      return sourceOf(db, id);
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
        await fetchable(db, id);
        await db.transaction().execute(async (tx) => {
          await setSourcePaused(tx, id, paused, clock.now());
          await record(tx, context, request, name, id);
        });
        return sourceOf(db, id);
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
      if ((await fetchable(db, id)).paused) throw new GuanlanError('conflict', `信息源 ${id} 已暂停，请先恢复。`);
      await db.transaction().execute(async (tx) => {
        await makeSourcesDue(tx, [id], clock.now());
        await record(tx, context, request, 'run', id);
      });
      // Due is due: should the bell fail, the crawler's own look finds it.
      await bus
        .ring('source.due', { sourceIds: [id] })
        .catch((err: unknown) => logger.warn({ err }, 'bell not rung, the crawler will look by itself'));
      return sourceOf(db, id);
    },
  );
}

/** The options as the kind's own schema has them; faults are told field by field. The address has a column of its own. */
async function checkOptions(kind: string, url: string, options: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { url: _, ...parsed } = checked((await loadSourceKinds()).get(kind).options, { ...options, url }, 'options');
  return parsed;
}

async function sourceOf(db: Db, id: number): Promise<SourceView> {
  return viewOf(await existing(db, id));
}

async function existing(db: Db, id: number): Promise<SourceRow> {
  const row = (await listSources(db)).find((source) => source.id === id);
  if (!row) throw new GuanlanError('not-found', `没有编号为 ${id} 的信息源。`);
  return row;
}

/** A source that can be fetched at all; what is brought by others cannot. */
async function fetchable(db: Db, id: number): Promise<SourceRow> {
  const source = await existing(db, id);
  if (isBrought(source.kind))
    throw new GuanlanError('conflict', '这个信息源的信息由接口、文件或直报送来，不由本系统采集；要停用请撤销它的令牌或直报链接。');
  return source;
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

function viewOf(row: SourceRow): SourceView {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    url: row.url,
    state: stateOf(row),
    local: row.local,
    allowPrivate: row.allowPrivate,
    everySeconds: row.everySeconds,
    items: row.items,
    lastCheckedAt: row.lastCheckedAt?.toISOString() ?? null,
    lastSuccessAt: row.lastSuccessAt?.toISOString() ?? null,
    lastNewItemAt: row.lastNewItemAt?.toISOString() ?? null,
    nextCheckAt: row.nextCheckAt.toISOString(),
    failingSince: row.failingSince?.toISOString() ?? null,
    failures: row.failures,
    fault: row.faultCode === null ? null : { code: row.faultCode, message: row.faultMessage ?? '' },
  };
}

function stateOf(row: SourceRow): SourceState {
  if (row.paused) return 'paused';
  if (row.failingSince !== null) return 'failing';
  return row.lastSuccessAt === null ? 'new' : 'healthy';
}
