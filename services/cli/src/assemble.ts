import path from 'node:path';
import { loadIndicatorProjects, type Service } from '@guanlan/runtime';
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
    if (name === 'classifier') services.push((await import('@guanlan/classifier')).createClassifier(common));
    if (name === 'dispatcher')
      services.push(
        (await import('@guanlan/dispatcher')).createDispatcher({
          ...common,
          http,
          publicUrl: config.publicUrl ?? null,
          dailyHour: config.dailyHour,
          heartbeatUrl: config.heartbeatUrl,
        }),
      );
    if (name === 'counter') services.push((await import('@guanlan/counter')).createCounter(common));
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
