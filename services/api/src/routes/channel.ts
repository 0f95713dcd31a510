import { channelList } from '@guanlan/contracts';
import { listChannels } from '@guanlan/database';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

export function addChannelRoutes(app: ApiServer, { db }: ApiContext): void {
  app.get(
    '/api/v1/channels',
    {
      config: { permission: 'read' },
      schema: { summary: '通知渠道；密钥和接收地址从不返回', tags: ['channel'], response: { 200: channelList, default: problemResponse } },
    },
    async () => {
      const rows = await listChannels(db);
      return { rows: rows.map(({ id, kind, name, createdAt }) => ({ id, kind, name, createdAt: createdAt.toISOString() })) };
    },
  );
}
