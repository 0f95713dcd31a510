import { once } from 'node:events';
import path from 'node:path';
import { createSetupLink, listSources } from '@guanlan/database';
import { GuanlanError } from '@guanlan/domain';
import { loadIndicatorProjects, type Service, startAll } from '@guanlan/runtime';
import type { UpOptions } from './commands/up.ts';
import { openDemo } from './demo.ts';
import { say, steps } from './output.ts';
import { dataFolder, openResources, type Resources } from './resources.ts';

/** In the order of the path. */
const serviceNames = ['crawler', 'classifier', 'dispatcher', 'counter', 'api'] as const;
type ServiceName = (typeof serviceNames)[number];

/** Runs the selected services in this process until SIGTERM or SIGINT. Returns the exit code. */
export async function up(options: UpOptions): Promise<number> {
  const selected = selectServices(options.services);
  const stopping = stopSignal();
  const progress = steps();
  say('观澜 Guanlan 正在启动');
  const demo = options.demo ? await openDemo() : undefined;
  const resources = await openResources({
    overrides: {
      ...(options.data === undefined ? {} : { dataDir: options.data }),
      ...(options.port === undefined ? {} : { port: options.port }),
    },
    supervise: true,
    onProgress: progress.next,
    ...(demo ? { freeHosts: [demo.hostname] } : {}),
  });
  const closers: (() => Promise<void>)[] = [() => resources.close()];
  try {
    if (demo) {
      progress.next('启动演示县');
      await demo.start(resources);
      closers.push(() => demo.stop());
    }
    const consoleDir = selected.includes('api') ? await console(progress.next) : null;
    progress.next(`启动服务：${selected.join('、')}`);
    const { services, address } = await assemble(resources, selected, consoleDir);
    const running = await startAll(services, resources.logger);
    closers.push(() => running.stop());
    resources.bus.requireHandlers(selected.filter((s) => s !== 'api'));
    progress.done();
    await welcome(resources, address(), demo !== undefined);
    await stopping;
    say('\n正在停止：等待手头的工作做完……');
  } finally {
    progress.done();
    for (const close of closers.reverse()) await close();
  }
  say('已停止。');
  return 0;
}

/** Each service is made with what it needs and knows of no other. Heavy ones are loaded only when selected. */
async function assemble(
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

async function console(onProgress: (step: string) => void): Promise<string> {
  onProgress('准备界面');
  const { buildConsole } = await import('@guanlan/console');
  let building = false;
  const { dir } = await buildConsole({
    onProgress: () => {
      if (!building) onProgress('构建界面（只在第一次或更新之后）');
      building = true;
    },
  });
  return dir;
}

async function welcome({ db, clock }: Resources, address: string | null, demo: boolean): Promise<void> {
  say();
  if (address === null) {
    say('观澜已就绪（本进程不含界面）。');
    return;
  }
  say(`观澜已就绪：${address}`);
  const setup = await createSetupLink(db, clock.now());
  if (setup !== null) {
    say(`首次登录请打开（一次有效，24 小时内）：${address}/setup?token=${setup}`);
  }
  const sources = await listSources(db);
  if (sources.length === 0 && !demo) {
    say();
    say('还没有信息源。添加：npm run -s guanlan -- source add 网址');
    say('想先看看效果：npm start -- --demo 会启动一个自带的演示县，无需联网。');
  }
  say('按 Ctrl+C 停止。');
}

function selectServices(list: string | undefined): ServiceName[] {
  if (list === undefined) return [...serviceNames];
  const asked = list.split(',').map((s) => s.trim());
  const unknown = asked.filter((s) => !(serviceNames as readonly string[]).includes(s));
  if (unknown.length > 0) throw new GuanlanError('bad-input', `没有名为 ${unknown.join('、')} 的服务；可选：${serviceNames.join('、')}`);
  return serviceNames.filter((s) => asked.includes(s));
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once. */
async function stopSignal(): Promise<void> {
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(130));
}
