import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import { alertsChangedSince, readProgress, readPulse } from '@guanlan/database';
import { GuanlanError, yearOf } from '@guanlan/domain';
import fastify from 'fastify';
import { createJsonSchemaTransform, serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { alertViewOf, inForce } from './alert-view.ts';
import { authenticate } from './auth/authenticate.ts';
import { serveConsole } from './console-files.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { createMetrics } from './metrics.ts';
import { openapi, transformObject } from './openapi.ts';
import { sendProblem, validatorCompiler } from './problem.ts';
import { addAlertRoutes } from './routes/alert.ts';
import { addAlertPolicyRoutes } from './routes/alert-policy.ts';
import { addAuditRoutes } from './routes/audit.ts';
import { addChannelRoutes } from './routes/channel.ts';
import { addDrillRoutes } from './routes/drill.ts';
import { addEventRoutes } from './routes/event.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addIntakeRoutes } from './routes/intake.ts';
import { addItemRoutes } from './routes/item.ts';
import { addLexiconRoutes } from './routes/lexicon.ts';
import { addNotificationRoutes } from './routes/notification.ts';
import { addProgressRoutes } from './routes/progress.ts';
import { addQualityRoutes } from './routes/quality.ts';
import { addReportRoutes } from './routes/report.ts';
import { addReportAttachmentRoutes } from './routes/report-attachment.ts';
import { addReportUnitRoutes } from './routes/report-unit.ts';
import { addRosterRoutes } from './routes/roster.ts';
import { addRouteRoutes } from './routes/route.ts';
import { addSessionRoutes } from './routes/session.ts';
import { addSetupRoutes } from './routes/setup.ts';
import { addSilenceRoutes } from './routes/silence.ts';
import { addSourceRoutes } from './routes/source.ts';
import { addSourceTrialRoutes } from './routes/source-trial.ts';
import { addStreamRoutes } from './routes/stream.ts';
import { addTallyRoutes } from './routes/tally.ts';
import { addTrainingRoutes } from './routes/training.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { createHub } from './stream/hub.ts';

const bodyLimit = 64 * 1024;

/** The HTTP server with every route, not yet listening. */
export async function createServer(context: ApiContext, consoleDir: string | null): Promise<ApiServer> {
  const app: ApiServer = fastify({
    logger: false,
    bodyLimit,
    // A proxy on this machine may say who asks; nobody else is believed.
    trustProxy: 'loopback',
    // A photograph from a village on a slow link takes minutes; what a head may take stays at Node's 60 s.
    requestTimeout: 300_000,
    // An address that is none at all is refused before any route or error handler sees it.
    frameworkErrors: (error, request, reply) => sendProblem(context.logger, error, request, reply),
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(context.logger, error, request, reply));
  // A form of another site can send text/plain without asking; nothing of ours is sent so.
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  addSecurityHeaders(app, context.publicUrl);
  const metrics = createMetrics(context);
  metrics.observe(app);
  await app.register(cookie);
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) =>
      new GuanlanError('too-many-requests', '尝试过于频繁，请稍后再试。', { details: { retryAfterSeconds: Math.ceil(ttl / 1_000) } }),
  });
  await app.register(swagger, { openapi: openapi(), transform: createJsonSchemaTransform({}), transformObject });
  guard(app, context);

  const hub = hubOf(context);
  // Streams never end by themselves: without this, closing would wait for every open page.
  app.addHook('preClose', () => hub.stop());

  addHealthRoutes(app, context, metrics);
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  addSessionRoutes(app, context);
  addSetupRoutes(app, context);
  addItemRoutes(app, context);
  addAlertRoutes(app, context);
  addLexiconRoutes(app, context);
  addQualityRoutes(app, context);
  addAlertPolicyRoutes(app, context);
  addNotificationRoutes(app, context);
  addRouteRoutes(app, context);
  addSilenceRoutes(app, context);
  addRosterRoutes(app, context);
  addDrillRoutes(app, context);
  addEventRoutes(app, context);
  addSourceRoutes(app, context);
  addSourceTrialRoutes(app, context);
  addChannelRoutes(app, context);
  addProgressRoutes(app, context);
  addTallyRoutes(app, context);
  addTrainingRoutes(app, context);
  addStreamRoutes(app, context, hub);
  addIntakeRoutes(app, context);
  addReportRoutes(app, context);
  addReportAttachmentRoutes(app, context);
  addReportUnitRoutes(app, context);
  addAuditRoutes(app, context);
  await serveConsole(app, consoleDir);
  await app.ready();
  return app;
}

/** Everything under /api/v1 is closed unless its route says for whom it is open. */
function guard(app: ApiServer, context: ApiContext): void {
  app.decorateRequest('actor', null);
  app.addHook('onRoute', ({ url, config }) => {
    if (isGuarded(url) && config?.permission === undefined) throw new Error(`route ${url} does not say who may use it`);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!isGuarded(request.routeOptions.url)) return;
    reply.header('cache-control', 'no-store');
    await authenticate(context, request);
  });
}

function isGuarded(route: string | undefined): boolean {
  return route?.startsWith('/api/v1/') ?? false;
}

function hubOf({ db, clock, logger, indicators }: ApiContext) {
  return createHub({
    logger,
    now: () => clock.now(),
    changedAlerts: async (after) => {
      const rows = await alertsChangedSince(db, after);
      return rows.length === 0 ? [] : rows.map(alertViewOf(await inForce({ db, clock })));
    },
    readProgress: () => {
      const now = clock.now();
      return readProgress(db, { year: yearOf(now), now, projects: indicators });
    },
    readPulse: () => readPulse(db),
  });
}
