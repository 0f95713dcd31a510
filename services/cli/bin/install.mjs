// Installs what is missing, with nothing but Node ≥ 20 and npm: plain JavaScript, no dependencies, no shell.
// A valid stamp makes this cost milliseconds, so every command may begin with it.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { explainInstallFault, Fault } from './install-fault.mjs';
import { withInstallLock } from './install-lock.mjs';
import { endOrphan, endTree, remember } from './orphan.mjs';
import { step, tell } from './progress.mjs';

export const root = realpathSync(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..'));

/** The workspace's own Node, by whose type stripping the product runs. */
export const workspaceNode = path.join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

const modules = path.join(root, 'node_modules');
const stampFile = path.join(modules, '.guanlan-stamp');
const orphanFile = path.join(modules, '.guanlan-install.running');
const logFile = path.join(modules, '.guanlan-install.log');

/** Returns when everything needed is installed. Throws a {@link Fault}, whose message is for a person, when it cannot be. */
export async function ensureInstalled() {
  demandNode();
  const wanted = fingerprint();
  if (isInstalled(wanted)) return;
  mkdirSync(modules, { recursive: true });
  await withInstallLock(path.join(modules, '.guanlan-install.lock'), async () => {
    if (isInstalled(wanted)) return;
    rmSync(stampFile, { force: true });
    demandSpace();
    if (!existsSync(nodejiebaBuild())) demandToolchain();
    const began = performance.now();
    tell('首次运行或依赖有变化，正在安装（完整日志：node_modules/.guanlan-install.log）');
    writeFileSync(logFile, '');
    await endOrphan(orphanFile);
    await install();
    writeFileSync(stampFile, wanted);
    tell(`安装完成，用时 ${((performance.now() - began) / 1000).toFixed(1)} 秒`);
  });
}

/** Runs `work`; a fault becomes one line on stderr and exit code 1, without a stack trace. */
export async function faultsToExitCode(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

function demandNode() {
  const major = Number.parseInt(process.versions.node, 10);
  if (major >= 20) return;
  throw new Fault(
    `观澜需要 Node.js 20 或更高版本，当前是 ${process.versions.node}（${process.execPath}）。请从 https://nodejs.org 或系统软件源安装新版后重试。`,
  );
}

/**
 * What the install depends on. Not the Node that runs this: it may be the system's at one time and the workspace's at
 * another, and the one native module uses Node-API, whose builds fit both.
 */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...workspaceFolders().map((folder) => path.join(folder, 'package.json'))]) {
    hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

function workspaceFolders() {
  const inside = (parent) =>
    readdirSync(path.join(root, parent))
      .sort()
      .map((name) => path.join(parent, name));
  return ['.', ...inside('packages'), ...inside('services'), 'test'].filter((folder) =>
    existsSync(path.join(root, folder, 'package.json')),
  );
}

function isInstalled(wanted) {
  try {
    return readFileSync(stampFile, 'utf8') === wanted && existsSync(workspaceNode) && existsSync(nodejiebaBuild());
  } catch {
    return false;
  }
}

function nodejiebaBuild() {
  return path.join(root, 'packages/lexicon/node_modules/nodejieba/build/Release/nodejieba.node');
}

/** Twice at most: what a killed install left behind can look complete to pnpm, and then only a clean start mends it. */
async function install() {
  await runInstall();
  const missing = await whatIsMissing();
  if (missing === undefined) return;
  tell(`上一次安装不完整（${missing}），重新安装`);
  for (const folder of workspaceFolders()) clear(path.join(root, folder, 'node_modules'));
  await runInstall();
  const still = await whatIsMissing();
  if (still !== undefined) throw new Fault(`安装后仍缺少 ${still}。请查看 ${logFile}。`);
}

function clear(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('.guanlan-install')) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

async function runInstall() {
  const headers = nodeHeaders();
  if (headers !== undefined) {
    await pnpm('下载并安装依赖，编译分词模块', ['install', '--frozen-lockfile'], headers);
    return;
  }
  // Without headers beside the running Node, node-gyp would fetch them from nodejs.org, which an office's network may not
  // reach. The workspace's Node, from the npm registry, brings its own; so it is installed first and the rest built after.
  await pnpm('下载依赖', ['install', '--frozen-lockfile', '--ignore-scripts']);
  await pnpm('安装 Node.js 24', ['rebuild', 'node']);
  await pnpm('编译分词模块', ['rebuild'], workspaceHeaders());
}

/** The folder above include/node of the Node that runs this, if its headers are there. */
function nodeHeaders() {
  const prefix = path.resolve(path.dirname(realpathSync(process.execPath)), '..');
  return existsSync(path.join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

function workspaceHeaders() {
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const prefix = path.join(modules, 'node/node_modules', `node-${platform}`);
  return existsSync(path.join(prefix, 'include/node/node_api.h')) ? realpathSync(prefix) : undefined;
}

/** A link to the headers whose path has no space: node-gyp's makefiles do not quote the one to the headers. */
function plainLink(headers) {
  const link = path.join(mkdtempSync(path.join(tmpdir(), 'guanlan-headers-')), 'node');
  symlinkSync(headers, link, 'junction');
  return link;
}

async function pnpm(title, args, headers) {
  const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const [file, ...first] = npx();
  // CI: pnpm asks nothing. Built here from the source that the lockfile pins, not from a binary fetched beside it.
  const environment = { ...process.env, CI: 'true', npm_config_build_from_source: 'true', npm_config_update_notifier: 'false' };
  const link = headers === undefined ? undefined : plainLink(headers);
  if (link !== undefined) environment.npm_config_nodedir = link;
  const shown = step(title);
  const log = openSync(logFile, 'a');
  writeSync(log, `$ ${packageManager} ${args.join(' ')}\n`);
  let output = '';
  const code = await new Promise((resolve, reject) => {
    const child = spawn(file, [...first, '-y', packageManager, ...args], {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // Its own group, so that all it started can be ended with it.
      detached: process.platform !== 'win32',
    });
    if (child.pid !== undefined) remember(orphanFile, child.pid);
    const forward = (signal) => endTree(child.pid, signal);
    process.once('SIGINT', forward).once('SIGTERM', forward);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        writeSync(log, chunk);
        output = (output + chunk.toString('utf8')).slice(-200_000);
        const counts = [...output.matchAll(/resolved (\d+), reused (\d+), downloaded (\d+), added (\d+)/g)].at(-1);
        if (!counts) return;
        const [resolved, reused, downloaded, added] = counts.slice(1).map(Number);
        shown.detail(added >= resolved ? '编译与收尾' : `已下载 ${reused + downloaded}/${resolved} 个包`);
      });
    }
    child.once('error', reject);
    child.once('close', (exit, signal) => {
      rmSync(orphanFile, { force: true });
      process.removeListener('SIGINT', forward).removeListener('SIGTERM', forward);
      resolve(signal ?? exit);
    });
  }).finally(() => {
    closeSync(log);
    if (link !== undefined) rmSync(path.dirname(link), { recursive: true, force: true });
  });
  shown.end(code === 0);
  if (code === 0) return;
  if (code === 'SIGINT' || code === 'SIGTERM') throw new Fault('安装被中断；再次运行会从中断处继续。');
  throw explainInstallFault(title, output, logFile, root);
}

/** npm's own script run by this Node: on Windows `npx` is a batch file, which only a shell could run. */
function npx() {
  const beside = path.dirname(realpathSync(process.execPath));
  const candidates = [
    /npm-cli\.js$/.test(process.env.npm_execpath ?? '') ? path.join(path.dirname(process.env.npm_execpath), 'npx-cli.js') : '',
    path.join(beside, 'node_modules/npm/bin/npx-cli.js'),
    path.join(beside, '../lib/node_modules/npm/bin/npx-cli.js'),
  ];
  const script = candidates.find((candidate) => candidate !== '' && existsSync(candidate));
  return script === undefined ? ['npx'] : [process.execPath, script];
}

/** Tries the parts that a killed install leaves half made; the name of the first that does not work. */
async function whatIsMissing() {
  const works = (cwd, program) =>
    spawnSync(workspaceNode, ['--input-type=module', '-e', program], { cwd: path.join(root, cwd), stdio: 'ignore', windowsHide: true })
      .status === 0;
  if (!works('.', 'process.exit(process.versions.node.startsWith("24.") ? 0 : 1)')) return 'Node.js 24';
  if (!works('packages/lexicon', 'await import("nodejieba")')) return 'nodejieba';
  if (!works('packages/database', 'await import("pg"); await import("kysely")')) return 'pg';
  if (!works('services/cli', 'await import("commander")')) return 'commander';
  return undefined;
}

function demandSpace() {
  const facts = statfsSync(root);
  if (facts.blocks === 0) return;
  const free = (facts.bavail * facts.bsize) / 2 ** 30;
  if (free < 2) throw new Fault(`磁盘空间不足：${root} 所在磁盘只剩 ${free.toFixed(1)} GB，安装至少需要 2 GB。请腾出空间后重试。`);
}

function demandToolchain() {
  if (process.platform === 'win32') return;
  const tools = { python3: ['python3'], make: ['make', 'gmake'], 'g++': ['g++', 'c++', 'clang++'] };
  const missing = Object.entries(tools).filter(([, names]) => !names.some(onPath));
  if (missing.length === 0) return;
  const how =
    process.platform === 'darwin'
      ? 'xcode-select --install'
      : 'Debian/Ubuntu：apt-get install -y python3 make g++；Fedora/RHEL/openEuler/麒麟：dnf install -y python3 make gcc-c++（普通用户前加 sudo）';
  throw new Fault(
    `缺少编译工具 ${missing.map(([name]) => name).join('、')}：中文分词模块 nodejieba 安装时需要编译。请先安装：${how}，然后重试。`,
  );
}

function onPath(name) {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => folder !== '' && existsSync(path.join(folder, name)));
}

if (
  process.argv[1] !== undefined &&
  existsSync(process.argv[1]) &&
  realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))
) {
  await faultsToExitCode(ensureInstalled);
}
