import { channelFallbackRequest, channelList, idParams } from '@guanlan/contracts';
import { listChannels, setFallback } from '@guanlan/database';
import { z } from 'zod';
import { change } from '../change.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

export function addChannelRoutes(app: ApiServer, context: ApiContext): void {
  const { db } = context;

  app.get(
    '/api/v1/channels',
    {
      config: { permission: 'read' },
      schema: { summary: '通知渠道；密钥和接收地址从不返回', tags: ['channel'], response: { 200: channelList, default: problemResponse } },
    },
    async () => {
      const rows = await listChannels(db);
      return {
        rows: rows.map(({ id, kind, name, createdAt, fallbackId, downSince }) => ({
          ...{ id, kind, name, fallbackId },
          createdAt: createdAt.toISOString(),
          downSince: downSince?.toISOString() ?? null,
        })),
      };
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
      const { params, body } = request;
      await change(context, request, 'channel.fallback', async (tx) => {
        await setFallback(tx, params.id, body.fallbackId);
        return { subject: `channel:${params.id}`, data: body, answer: null };
      });
      return reply.code(204).send(null);
    },
  );
}
