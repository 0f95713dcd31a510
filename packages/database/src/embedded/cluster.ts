import { randomUUID } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GuanlanError } from '@guanlan/domain';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { explainFault, explainFileFault } from './faults.ts';
import { runProgram } from './program.ts';
import { syncFolder } from './record.ts';

/** Where one database's files are, with which programs and as whom they are served. */
export interface Cluster {
  /** Absolute; PostgreSQL's data directory. */
  directory: string;
  binaries: Binaries;
  /** undefined: as ourselves. */
  account: Account | undefined;
}

export interface Credentials {
  user: string;
  password: string;
}

/** Whether there is a complete cluster. Throws `database-unavailable` when it is of another major version or unreadable. */
export async function clusterExists(cluster: Cluster): Promise<boolean> {
  let found: string;
  try {
    found = (await readFile(path.join(cluster.directory, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw explainFileFault('读取数据库', error, cluster.directory);
  }
  if (found === String(cluster.binaries.major)) return true;
  throw new GuanlanError(
    'database-unavailable',
    `${cluster.directory} 中的数据由 PostgreSQL ${found} 建立，而本版本内置 PostgreSQL ${cluster.binaries.major}，不能直接打开。请用原来的观澜版本运行 backup，再用本版本在新的数据文件夹中 restore；原数据未被改动。`,
  );
}

/**
 * Makes a new cluster. It is built aside and renamed when whole, so a kill at any moment leaves either none or a
 * complete one (what a killed attempt left aside is cleared by the next).
 */
export async function initialiseCluster(cluster: Cluster, credentials: Credentials): Promise<void> {
  const { directory, account, binaries } = cluster;
  const parent = path.dirname(directory);
  const work = path.join(parent, `${path.basename(directory)}.init-${randomUUID()}`);
  try {
    for (const name of await readdir(parent)) {
      // The killed one's initdb may still be writing into it for a moment.
      if (name.startsWith(`${path.basename(directory)}.init-`))
        await rm(path.join(parent, name), { ...wholly, maxRetries: 30, retryDelay: 100 });
    }
    await demandSpace(parent);
    await mkdir(work, { mode: 0o700 });
    const passwordFile = path.join(work, 'password');
    await writeFile(passwordFile, `${credentials.password}\n`, { mode: 0o600, flag: 'wx' });
    if (account) {
      await chown(passwordFile, account.uid, account.gid);
      await chown(work, account.uid, account.gid);
    }
    const built = path.join(work, 'cluster');
    const ended = await runProgram(
      binaries.initdb,
      [
        `--pgdata=${built}`,
        `--username=${credentials.user}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The same order of text on every machine, whatever locales it has.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ],
      { account, cwd: work },
    );
    if (ended.code !== 0) throw explainFault('初始化数据库', ended.output, parent);
    await rename(built, directory);
    await syncFolder(parent);
  } catch (error) {
    throw explainFileFault('初始化数据库', error, parent);
  } finally {
    await rm(work, wholly).catch(() => {});
  }
}

/**
 * Gives the cluster's owner a new password while no server runs, for a lost or damaged postgres.json. The files are
 * ours, so the right to do so is ours.
 */
export async function resetPassword(cluster: Cluster, credentials: Credentials): Promise<void> {
  const ended = await runProgram(cluster.binaries.postgres, ['--single', '-D', cluster.directory, 'postgres'], {
    account: cluster.account,
    cwd: cluster.directory,
    // One statement per line; base64url holds no quote.
    input: `ALTER ROLE ${credentials.user} WITH LOGIN SUPERUSER PASSWORD '${credentials.password}'\n`,
  });
  if (ended.code !== 0 || /ERROR|FATAL|PANIC/.test(ended.output)) throw explainFault('重设数据库密码', ended.output, cluster.directory);
}

const neededMegabytes = 300;

async function demandSpace(folder: string): Promise<void> {
  const facts = await statfs(folder).catch(() => undefined);
  if (!facts || facts.blocks === 0) return;
  const free = Math.floor((facts.bavail * facts.bsize) / 1_048_576);
  if (free >= neededMegabytes) return;
  throw new GuanlanError(
    'database-unavailable',
    `${folder} 所在磁盘只剩 ${free} MB，建立数据库至少需要 ${neededMegabytes} MB（长期运行建议 5 GB 以上）。请腾出空间，或用 --data 指定另一块磁盘上的文件夹。`,
  );
}

const wholly = { recursive: true, force: true } as const;
