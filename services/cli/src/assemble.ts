import path from 'node:path';
import { loadIndicatorProjects, loadLevelThresholds, type Service } from '@guanlan/runtime';
import { dataFolder, type Resources } from './resources.ts';

/** In the order of the path. */
export const serviceNames = ['crawler', 'classifier', 'dispatcher', 'counter', 'api'] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface AssembleOptions {
  /** The built console; null: no pages. */
  consoleDir?: string | null;
  /** Milliseconds between two looks for due sources; the crawler's own when undefined. */
  tickMs?: number | undefined;
}

/**
 * Each service is made with what it needs and knows of no other. Heavy ones are loaded only when selected. The one thing that
 * two of them share in one process is the classifier's door, through which the crawler's items are stored already judged.
 */
export async function assemble(
  r: Resources,
  selected: readonly ServiceName[],
  { consoleDir = null, tickMs }: AssembleOptions = {},
): Promise<{ services: Service[]; address: () => string | null }> {
  const { db, bus, clock, logger, http, config } = r;
  const services: Service[] = [];
  let address: () => string | null = () => null;
  const commonOf = (service: ServiceName) => ({ db, bus, clock, logger: logger.child({ service }) });
  const classifier = selected.includes('classifier')
    ? (await import('@guanlan/classifier')).createClassifier(commonOf('classifier'))
    : undefined;
  for (const name of selected) {
    const common = commonOf(name);
    if (name === 'crawler') {
      const { createCanary, createCrawler } = await import('@guanlan/crawler');
      const fetching = { ...common, http, userAgent: config.userAgent };
      const crawler = createCrawler({ ...fetching, door: classifier?.door, ...(tickMs === undefined ? {} : { tickMs }) });
      services.push(crawler, createCanary(fetching));
    }
    if (name === 'classifier' && classifier) {
      const { createReassessor } = await import('@guanlan/classifier');
      services.push(classifier, createReassessor(common));
    }
    if (name === 'dispatcher')
      services.push(
        (await import('@guanlan/dispatcher')).createDispatcher({
          ...common,
          http,
          publicUrl: config.publicUrl ?? null,
          dailyHour: config.dailyHour,
          levels: await loadLevelThresholds(),
          heartbeatUrl: config.heartbeatUrl,
        }),
      );
    if (name === 'counter') {
      const { createCounter, createSampler } = await import('@guanlan/counter');
      services.push(createCounter(common), createSampler(common));
    }
    if (name === 'api') {
      const { describeSource, trySource } = await import('@guanlan/crawler');
      const { sendTest } = await import('@guanlan/dispatcher');
      const api = (await import('@guanlan/api')).createApi({
        ...common,
        host: config.host,
        port: config.port,
        consoleDir,
        publicUrl: config.publicUrl ?? null,
        indicators: await loadIndicatorProjects(),
        sourceLook: { describe: (asked) => describeSource(r, asked), try: (source, allowPrivate) => trySource(r, source, allowPrivate) },
        attachmentsDir: path.join(dataFolder(config), 'attachments'),
        testChannel: (id) => sendTest({ ...common, http }, id),
      });
      address = api.address;
      services.push(api);
    }
  }
  return { services, address };
}

/** Throws `config-invalid` when one of these services leaves a topic of its own unheard. */
export function requireHandlers({ bus }: Pick<Resources, 'bus'>, names: readonly ServiceName[]): void {
  bus.requireHandlers(names.filter((name) => name !== 'api'));
}
