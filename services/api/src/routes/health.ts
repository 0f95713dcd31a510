import { pingDatabase } from '@guanlan/database';
import type { ApiContext, ApiServer, Readiness } from '../context.ts';
import type { createMetrics } from '../metrics.ts';

/** A part that says nothing for this long does not answer. */
const answerWithinMs = 3_000;

/** `/healthz` the process lives; `/readyz` it can serve; `/metrics` how it is. Open to anybody: no row's content is told. */
export function addHealthRoutes(app: ApiServer, context: ApiContext, metrics: ReturnType<typeof createMetrics>): void {
  app.get('/healthz', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });

  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const parts = await examine(context);
    const missing = parts.filter((part) => !part.ok);
    reply.header('cache-control', 'no-store').code(missing.length === 0 ? 200 : 503);
    return { status: missing.length === 0 ? 'ready' : 'not ready', missing: missing.map((part) => part.name), parts };
  });

  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store').type(metrics.contentType);
    return metrics.text();
  });
}

async function examine({ db, bus, readiness }: ApiContext): Promise<Readiness[]> {
  const [database, queue, others] = await Promise.all([
    check('database', '数据库没有应答', () => pingDatabase(db)),
    check('queue', '队列没有应答', async () => {
      const health = await bus.health();
      if (!health.ok) throw new Error(health.reason);
    }),
    readiness().catch((): Readiness[] => [{ name: 'services', ok: false, detail: '服务状态未知' }]),
  ]);
  return [database, queue, ...others];
}

async function check(name: string, detail: string, ask: () => Promise<void>): Promise<Readiness> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer')), answerWithinMs);
  try {
    await Promise.race([ask(), late]);
    return { name, ok: true };
  } catch {
    return { name, ok: false, detail };
  } finally {
    clearTimeout(timer);
  }
}
