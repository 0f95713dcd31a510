import { createSetupLink, listSources } from '@guanlan/database';
import { startAll } from '@guanlan/runtime';
import { assemble, requireHandlers, type ServiceName, serviceNames } from './assemble.ts';
import type { UpOptions } from './commands/up.ts';
import { openDemo } from './demo.ts';
import { say, steps } from './output.ts';
import { dataFolder, openResources, type Resources } from './resources.ts';
import { noteRunning, runningOn } from './running.ts';
import { createThread } from './thread.ts';
import { UsageFault } from './usage.ts';

/** Runs the selected services in this process until SIGTERM or SIGINT. Returns the exit code. */
export async function up(options: UpOptions): Promise<number> {
  const selected = selectServices(options.services);
  const stopping = stopSignal();
  const progress = steps();
  say('观澜 Guanlan 正在启动');
  const demo = options.demo ? await openDemo() : undefined;
  const freeHosts = demo ? [demo.hostname] : [];
  const resources = await openResources({
    overrides: {
      ...(options.data === undefined ? {} : { dataDir: options.data }),
      ...(options.port === undefined ? {} : { port: options.port }),
    },
    supervise: true,
    onProgress: progress.next,
    freeHosts,
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
    const { here, apart } = divide(selected);
    const { services, address } = await assemble(resources, here, { consoleDir });
    // First of the path, so last to start and first to stop.
    if (apart.length > 0) services.unshift(createThread(apart, { ...resources, freeHosts }));
    const running = await startAll(services, resources.logger);
    closers.push(() => running.stop());
    requireHandlers(resources, here);
    progress.done();
    const dataDir = dataFolder(resources.config);
    const other = await runningOn(dataDir);
    if (other !== null)
      say(`另一个观澜（PID ${other.pid}${other.address === null ? '' : `，${other.address}`}）也在用这个数据文件夹，两个一起工作。`);
    // Of single services beside a database elsewhere nobody asks.
    if (resources.embedded || address() !== null) closers.push(await noteRunning(dataDir, address()));
    await welcome(resources, address(), demo?.origin() ?? null);
    await stopping;
    say('\n正在停止：等待手头的工作做完……');
  } finally {
    progress.done();
    for (const close of closers.reverse()) await close();
  }
  say('已停止。');
  return 0;
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

async function welcome({ db, clock, config }: Resources, address: string | null, demo: string | null): Promise<void> {
  say();
  if (address === null) {
    say('观澜已就绪（本进程不含界面）。');
    return;
  }
  const { port } = new URL(address);
  if (config.port !== 0 && port !== String(config.port)) say(`端口 ${config.port} 已被占用，改用 ${port}。`);
  say(`观澜已就绪：${address}`);
  const setup = await createSetupLink(db, clock.now());
  if (setup !== null) {
    say(`首次登录请打开（一次有效，24 小时内）：${address}/setup?token=${setup}`);
  }
  if (demo !== null) say(`演示县：${demo}（各站点、已发布的信息和收到的预警；约 10 分钟内陆续到来）`);
  if (demo === null && (await listSources(db)).length === 0) {
    say();
    say('还没有信息源。添加：npm run -s guanlan -- source add 网址');
    say('想先看看效果：npm start -- --demo 会启动一个自带的演示县，无需联网。');
  }
  say('按 Ctrl+C 停止。');
}

/**
 * A whole installation in one process has two threads: what digs (fetching, reading pages, judging) in one, what decides, tells
 * and answers people in the other, so that no page waits for a batch of long texts and a second core is used.
 */
function divide(selected: readonly ServiceName[]): { here: ServiceName[]; apart: ServiceName[] } {
  const digs = (service: ServiceName) => service === 'crawler' || service === 'classifier';
  const here = selected.filter((service) => !digs(service));
  return here.length > 0 ? { here, apart: selected.filter(digs) } : { here: [...selected], apart: [] };
}

function selectServices(list: string | undefined): ServiceName[] {
  if (list === undefined) return [...serviceNames];
  const asked = list.split(',').map((s) => s.trim());
  const unknown = asked.filter((s) => !(serviceNames as readonly string[]).includes(s));
  if (unknown.length > 0) throw new UsageFault(`没有名为 ${unknown.join('、')} 的服务；可选：${serviceNames.join('、')}`);
  return serviceNames.filter((s) => asked.includes(s));
}

/**
 * Resolves at the first SIGTERM or SIGINT; another one, later, ends the process at once. Ctrl+C reaches a terminal's whole
 * process group and is passed on by whoever started us, so what comes within two seconds is the same wish told twice.
 */
async function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let first: number | undefined;
  const told = () => {
    const now = performance.now();
    if (first !== undefined && now - first > 2_000) process.exit(130);
    first ??= now;
    resolve();
  };
  process.on('SIGTERM', told);
  process.on('SIGINT', told);
  return promise;
}
