import { findSession } from '@guanlan/database';
import { z } from 'zod';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';
import { securityHeaders } from '../security-headers.ts';
import { openConnection } from '../stream/connection.ts';
import type { Hub } from '../stream/hub.ts';

export function addStreamRoutes(app: ApiServer, { db, clock, logger }: ApiContext, hub: Hub): void {
  app.get(
    '/api/v1/stream',
    {
      exposeHeadRoute: false,
      config: { permission: 'read' },
      schema: {
        summary: '服务器推送（SSE）：事件 alert 和 progress',
        tags: ['stream'],
        response: { 200: { description: '事件流', content: { 'text/event-stream': { schema: z.string() } } }, default: problemResponse },
      },
    },
    async (request, reply) => {
      const actor = actorIn(request);
      reply.hijack();
      const connection = openConnection(reply.raw, securityHeaders);
      request.raw.once('close', () => hub.leave(connection));
      reply.raw.once('close', () => hub.leave(connection));
      const stillAllowed = async () =>
        actor.kind !== 'account' || (await findSession(db, actor.sessionToken, clock.now(), { touch: false })) !== null;
      await hub.join(connection, { since: lastSeen(request.headers['last-event-id']), stillAllowed }).catch((err: unknown) => {
        // Answered already: the page reconnects and says again what it saw last.
        logger.warn({ err }, 'stream could not be resumed');
        connection.close();
      });
    },
  );
}

/** The event id a browser saw last, which is the moment of an alert's change; anything else is no id of ours. */
function lastSeen(header: string | string[] | undefined): Date | null {
  if (typeof header !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u.test(header)) return null;
  const at = new Date(header);
  return Number.isNaN(at.getTime()) ? null : at;
}
