import { fork } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { access, glob, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GuanlanError } from '@guanlan/domain';

export interface BuildOptions {
  /** Where the pages go; `dist` beside `src` when left out. */
  outDir?: string;
  /** Build even when nothing changed. */
  force?: boolean;
  /** Told what is being done, in words for a person, each at most a few times a second. */
  onProgress?: (message: string) => void;
}

export interface ConsoleBuild {
  /** Absolute path of a folder with `index.html` and `assets/` (names carry a content hash: cache them for ever). */
  dir: string;
  /** False when the pages of an earlier build were still good. */
  built: boolean;
  ms: number;
}

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const house = resolve(root, '../..');
const stampFile = '.stamp';

/**
 * Builds the web pages with Vite, unless those in `outDir` were made from the very same sources. The new pages appear by
 * a rename, so that a build cut short leaves either the old pages or none, never half of them.
 *
 * @throws GuanlanError `internal` when Vite refuses the sources.
 */
export async function buildConsole(options: BuildOptions = {}): Promise<ConsoleBuild> {
  const started = performance.now();
  const dir = resolve(options.outDir ?? join(root, 'dist'));
  const stamp = await fingerprint();
  const done = (built: boolean): ConsoleBuild => ({ dir, built, ms: Math.round(performance.now() - started) });
  if (options.force !== true && (await stampOf(dir)) === stamp) return done(false);

  await removeLeftovers(dir);
  const fresh = `${dir}.new-${randomUUID()}`;
  try {
    await bundle(fresh, options.onProgress ?? (() => {}));
    await writeFile(join(fresh, stampFile), stamp);
    await replace(dir, fresh, stamp);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return done(true);
}

/** Identity of everything the pages are made from: this package, what it imports of the house, and the locked libraries. */
async function fingerprint(): Promise<string> {
  const inputs = [
    join(house, 'pnpm-lock.yaml'),
    join(root, 'package.json'),
    join(root, 'index.html'),
    join(root, 'report.html'),
    ...(await files(join(root, 'src'))),
    ...(await files(join(house, 'packages/domain/src'))),
    ...(await files(join(house, 'packages/contracts/src'))),
  ].filter((file) => !/\.test\.tsx?$/u.test(file));
  const hash = createHash('sha256');
  for (const file of inputs.sort()) {
    const name = relative(house, file).split(sep).join('/');
    const body = await readFile(file);
    hash.update(`${name}\n${body.length}\n`).update(body);
  }
  return hash.digest('hex');
}

async function files(dir: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of glob('**/*', { cwd: dir, withFileTypes: true })) {
    if (entry.isFile()) found.push(join(entry.parentPath, entry.name));
  }
  return found;
}

async function stampOf(dir: string): Promise<string | null> {
  try {
    await access(join(dir, 'index.html'));
    return await readFile(join(dir, stampFile), 'utf8');
  } catch {
    return null;
  }
}

/** Runs `bundle.ts` in a process of its own: the bundler's memory goes with it, and it is told that this is for production. */
async function bundle(outDir: string, onProgress: (message: string) => void): Promise<void> {
  const child = fork(fileURLToPath(new URL('./bundle.ts', import.meta.url)), [root, outDir], {
    env: { ...process.env, NODE_ENV: 'production' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    complaint = (complaint + chunk).slice(-4_000);
  });
  child.on('message', (message) => onProgress(String(message)));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code !== 0) throw new GuanlanError('internal', `构建控制台页面失败（${signal ?? `退出码 ${code}`}）：${complaint.trim()}`);
}

/** Puts `fresh` where `dir` is. When another process was quicker with the same pages, theirs stay. */
async function replace(dir: string, fresh: string, stamp: string): Promise<void> {
  await mkdir(dirname(dir), { recursive: true });
  const old = `${dir}.old-${randomUUID()}`;
  await rename(dir, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  try {
    await rename(fresh, dir);
  } catch (error) {
    if ((await stampOf(dir)) !== stamp) throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/** What builds that were killed left behind; anything younger than ten minutes may belong to one that still runs. */
async function removeLeftovers(dir: string): Promise<void> {
  const pattern = /\.(?:new|old)-[0-9a-f-]{36}$/u;
  const parent = dirname(dir);
  const names = await readdir(parent).catch(() => [] as string[]);
  for (const name of names) {
    const path = join(parent, name);
    if (!path.startsWith(dir) || !pattern.test(path)) continue;
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > 600_000) await rm(path, { recursive: true, force: true });
  }
}
