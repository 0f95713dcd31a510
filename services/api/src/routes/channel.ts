import { channelOf, fieldsOf, loadChannels, newPushKey } from '@guanlan/channels';
import {
  type ChannelView,
  channelChangeRequest,
  channelFallbackRequest,
  channelKindList,
  channelList,
  channelRequest,
  channelTestView,
  channelView,
  idParams,
  pushKeyView,
} from '@guanlan/contracts';
import {
  addChannel,
  appendAudit,
  changeChannel,
  type Db,
  getChannel,
  type ListedChannel,
  listChannels,
  pushKey,
  removeChannel,
  setFallback,
} from '@guanlan/database';
import { GuanlanError } from '@guanlan/domain';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { checked, problemResponse } from '../problem.ts';

export function addChannelRoutes(app: ApiServer, context: ApiContext): void {
  const { db, clock } = context;

  app.get(
    '/api/v1/channels',
    {
      config: { permission: 'read' },
      schema: { summary: '通知渠道；密钥和接收地址从不返回', tags: ['channel'], response: { 200: channelList, default: problemResponse } },
    },
    async () => ({ rows: (await listChannels(db)).map(viewOf) }),
  );

  app.get(
    '/api/v1/channel-kinds',
    {
      config: { permission: 'read' },
      schema: { summary: '渠道类型及其设置项', tags: ['channel'], response: { 200: channelKindList, default: problemResponse } },
    },
    async () => {
      const kinds = [...(await loadChannels()).values()];
      return {
        rows: kinds.map((channel) => ({ kind: channel.kind, title: channel.title, guide: channel.guide, fields: fieldsOf(channel) })),
      };
    },
  );

  app.get(
    '/api/v1/push-key',
    {
      config: { permission: 'read' },
      schema: { summary: '浏览器订阅推送所用的公钥', tags: ['channel'], response: { 200: pushKeyView, default: problemResponse } },
    },
    async () => ({ publicKey: (await pushKey(db, newPushKey)).publicKey }),
  );

  app.post(
    '/api/v1/channels',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '添加通知渠道；第一个渠道自动加入默认路由',
        tags: ['channel'],
        body: channelRequest,
        response: { 201: channelView, default: problemResponse },
      },
    },
    async (request, reply) => {
      const { kind, name, allowPrivate, ...wanted } = request.body;
      const options = checked((await channelOf(kind)).options, wanted.options, 'options');
      const id = await db.transaction().execute(async (tx) => {
        const added = await addChannel(tx, { kind, name, options, allowPrivate });
        await record(tx, context, request, 'add', added.id, { kind, name });
        return added.id;
      });
      reply.code(201);
      return viewOf(await existing(db, id));
    },
  );

  app.patch(
    '/api/v1/channels/:id',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '修改通知渠道；没有给出的项不变',
        tags: ['channel'],
        params: idParams,
        body: channelChangeRequest,
        response: { 200: channelView, default: problemResponse },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { name, options: given, allowPrivate } = request.body;
      const { kind, options: stored } = await existing(db, id);
      const options = given && checked((await channelOf(kind)).options, { ...stored, ...given }, 'options');
      await db.transaction().execute(async (tx) => {
        await changeChannel(tx, id, {
          ...(name ? { name } : {}),
          ...(options ? { options } : {}),
          ...(allowPrivate === undefined ? {} : { allowPrivate }),
        });
        // Which options, never what they are.
        await record(tx, context, request, 'change', id, { ...(name ? { name } : {}), options: Object.keys(given ?? {}) });
      });
      return viewOf(await existing(db, id));
    },
  );

  app.post(
    '/api/v1/channels/:id/test',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '发一条标明“测试”的消息，回答对方说了什么',
        tags: ['channel'],
        params: idParams,
        response: { 200: channelTestView, default: problemResponse },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { testChannel } = context;
      if (testChannel === null) throw new GuanlanError('conflict', '这个进程不能发送消息，请用命令 channel test 测试。');
      await existing(db, id);
      // Written down first: what was sent must not go unrecorded.
      await record(db, context, request, 'test', id);
      const { ok, status = null, response } = await testChannel(id);
      return { ok, status, response };
    },
  );

  app.put(
    '/api/v1/channels/:id/fallback',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '指定备用渠道',
        tags: ['channel'],
        params: idParams,
        body: channelFallbackRequest,
        response: { 204: z.null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { fallbackId } = request.body;
      await db.transaction().execute(async (tx) => {
        await setFallback(tx, id, fallbackId);
        await record(tx, context, request, 'fallback', id, { fallbackId });
      });
      reply.code(204);
      return null;
    },
  );

  app.delete(
    '/api/v1/channels/:id',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '移除渠道；发送记录保留',
        tags: ['channel'],
        params: idParams,
        response: { 204: z.null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await db.transaction().execute(async (tx) => {
        if (!(await removeChannel(tx, id, clock.now()))) throw missing(id);
        await record(tx, context, request, 'remove', id);
      });
      reply.code(204);
      return null;
    },
  );
}

async function existing(db: Db, id: number): Promise<ListedChannel> {
  const channel = await getChannel(db, id);
  if (!channel) throw missing(id);
  return channel;
}

function missing(id: number): GuanlanError {
  return new GuanlanError('not-found', `没有编号为 ${id} 的通知渠道。`);
}

async function record(
  tx: Db,
  { clock }: ApiContext,
  request: FastifyRequest,
  act: string,
  id: number,
  data: Record<string, unknown> = {},
): Promise<void> {
  await appendAudit(tx, { at: clock.now(), actor: actorIn(request).name, act: `channel.${act}`, subject: `channel:${id}`, data });
}

function viewOf(channel: ListedChannel): ChannelView {
  const { id, kind, name, allowPrivate, createdAt, lastSuccessAt, lastFailureAt, lastFailure, fallbackId, downSince } = channel;
  return {
    ...{ id, kind, name, allowPrivate, lastFailure, fallbackId },
    createdAt: createdAt.toISOString(),
    lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
    lastFailureAt: lastFailureAt?.toISOString() ?? null,
    downSince: downSince?.toISOString() ?? null,
  };
}
