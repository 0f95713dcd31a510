import { type Census, takeCensus } from '@guanlan/database';
import { levelOfRank } from '@guanlan/domain';
import type { QueueDepth } from '@guanlan/queue';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ApiContext, ApiServer } from './context.ts';

/** The database is asked at most this often, however many scrapers there are. */
const freshMs = 5_000;

/**
 * The Prometheus figures. Gauges are read from rows and queues when scraped, so they are right after a restart and the same
 * from every process. With the database or the queue away, what still can be said is said, and `guanlan_part_up` tells.
 */
export function createMetrics(context: ApiContext): { observe(app: ApiServer): void; text(): Promise<string>; contentType: string } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const figures = defineFigures(registry);
  let taken = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<void> | undefined;

  const askDepth = async () => context.bus.depth();
  const refresh = async () => {
    const [census, depth] = await Promise.allSettled([takeCensus(context.db), askDepth()]);
    figures.up.set({ part: 'database' }, census.status === 'fulfilled' ? 1 : 0);
    figures.up.set({ part: 'queue' }, depth.status === 'fulfilled' ? 1 : 0);
    if (census.status === 'fulfilled') figures.setCensus(census.value, context.clock.now());
    if (depth.status === 'fulfilled') figures.setDepth(depth.value);
    taken = performance.now();
  };

  return {
    observe: (app) => {
      app.addHook('onResponse', async (request, reply) => {
        // The stream lasts as long as its page is open: that is no duration of work.
        if (request.routeOptions.url === '/api/v1/stream') return;
        const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) };
        figures.requests.observe(labels, reply.elapsedTime / 1_000);
      });
    },
    text: async () => {
      if (performance.now() - taken > freshMs) {
        refreshing ??= refresh().finally(() => {
          refreshing = undefined;
        });
        await refreshing;
      }
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

function defineFigures(registry: Registry) {
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name: `guanlan_${name}`, help, labelNames, registers: [registry] });

  const items = gauge('items', 'Items stored, erased ones not included.');
  const pending = gauge('items_pending', 'Items that wait for an assessment.');
  const pendingAge = gauge(
    'items_pending_oldest_age_seconds',
    'Seconds since the oldest item that waits for an assessment was collected; 0 when none waits.',
  );
  const alerts = gauge('alerts', 'Alerts by state and level.', ['state', 'level']);
  const notifications = gauge('notifications', 'Notifications in the ledger by state; dead ones need a person.', ['state']);
  const sources = gauge('sources', 'Sources by state.', ['state']);
  // Its number, never its name: anybody may read this page.
  const channels = gauge('channel_up', '1 while the channel answers, 0 since it failed three times in a row.', ['channel', 'kind']);
  const jobs = gauge('queue_jobs', 'Messages in a queue by state; failed ones are dead letters.', ['topic', 'consumer', 'state']);
  return {
    up: gauge('part_up', '1 when this part answered at the last scrape, else 0.', ['part']),
    requests: new Histogram({
      name: 'guanlan_http_request_duration_seconds',
      help: 'Seconds from the request to the end of the answer, by route; the stream is left out.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
    setCensus: (census: Census, now: Date) => {
      items.set(census.items);
      pending.set(census.itemsPending);
      pendingAge.set(census.oldestPending === null ? 0 : Math.max(0, (now.getTime() - census.oldestPending.getTime()) / 1_000));
      for (const figure of [alerts, notifications, sources, channels]) figure.reset();
      for (const { state, rank, count } of census.alerts) alerts.set({ state, level: levelOfRank(rank) }, count);
      for (const { state, count } of census.notifications) notifications.set({ state }, count);
      for (const { state, count } of census.sources) sources.set({ state }, count);
      for (const { id, kind, up } of census.channels) channels.set({ channel: String(id), kind }, up ? 1 : 0);
    },
    setDepth: (depths: readonly QueueDepth[]) => {
      for (const { topic, consumer, ...states } of depths) {
        for (const state of ['waiting', 'active', 'delayed', 'failed'] as const) jobs.set({ topic, consumer, state }, states[state]);
      }
    },
  };
}
