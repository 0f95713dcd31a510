import path from 'node:path';
import { loadIndicatorProjects, loadLevelThresholds, type Service } from '@guanlan/runtime';
import { dataFolder, type Resources } from './resources.ts';

/** In the order of the path. */
export const serviceNames = ['crawler', 'classifier', 'dispatcher', 'counter', 'api'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Each service is made with what it needs and knows of no other. Heavy ones are loaded only when selected. */
export async function assemble(
  r: Resources,
  selected: readonly ServiceName[],
  consoleDir: string | null,
): Promise<{ services: Service[]; address: () => string | null }> {
  const { db, bus, clock, logger, http, config } = r;
  const services: Service[] = [];
  let address: () => string | null = () => null;
  for (const name of selected) {
    const common = { db, bus, clock, logger: logger.child({ service: name }) };
    if (name === 'crawler')
      services.push((await import('@guanlan/crawler')).createCrawler({ ...common, http, userAgent: config.userAgent }));
    if (name === 'classifier') {
      const { createClassifier, createReassessor } = await import('@guanlan/classifier');
      services.push(createClassifier(common), createReassessor(common));
    }
    if (name === 'dispatcher')
      services.push(
        (await import('@guanlan/dispatcher')).createDispatcher({
          ...common,
          http,
          publicUrl: config.publicUrl ?? null,
          dailyHour: config.dailyHour,
          levels: await loadLevelThresholds(),
        }),
      );
    if (name === 'counter') {
      const { createCounter, createSampler } = await import('@guanlan/counter');
      services.push(createCounter(common), createSampler(common));
    }
    if (name === 'api') {
      const api = (await import('@guanlan/api')).createApi({
        ...common,
        host: config.host,
        port: config.port,
        consoleDir,
        publicUrl: config.publicUrl ?? null,
        indicators: await loadIndicatorProjects(),
        attachmentsDir: path.join(dataFolder(config), 'attachments'),
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
