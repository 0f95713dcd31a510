import fastifyStatic from '@fastify/static';
import { GuanlanError } from '@guanlan/domain';
import type { ApiServer } from './context.ts';

/**
 * Serves the built console from `dir`. Names under /assets carry a content hash and are kept for ever; index.html is asked
 * for anew each time, and answers every path that the pages themselves route; the form of direct reports is a page of its own. Without a folder, everything but the API is 404.
 */
export async function serveConsole(app: ApiServer, dir: string | null): Promise<void> {
  if (dir !== null) {
    await app.register(fastifyStatic, {
      root: dir,
      wildcard: true,
      dotfiles: 'ignore',
      cacheControl: false,
      schemaHide: true,
      setHeaders: (reply, path) => {
        reply.header(
          'cache-control',
          /[\\/]assets[\\/]/u.test(path.slice(dir.length)) ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const wantsPage =
      request.method === 'GET' && !/^\/(?:api|assets)(?:\/|$)/u.test(request.url) && request.headers.accept?.includes('text/html');
    const page = /^\/report\/?(?:\?|$)/u.test(request.url) ? 'report.html' : 'index.html';
    if (dir !== null && wantsPage) return reply.sendFile(page);
    throw new GuanlanError('not-found', '没有这个地址；接口说明见 /api/openapi.json。');
  });
}
