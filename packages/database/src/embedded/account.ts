import { execFile } from 'node:child_process';
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { GuanlanError } from '@guanlan/domain';

/** Whom PostgreSQL runs as, when not as ourselves. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * The account for a server whose files are (or will be) in `cluster`; undefined means: as ourselves.
 * PostgreSQL refuses to run as root, so root hands over to the owner of the existing files, else to the system user
 * `postgres`, made when missing.
 *
 * Throws `database-unavailable` when there is no such user and none can be made.
 */
export async function accountFor(cluster: string, onProgress: (message: string) => void): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const known = await lookUp();
  if (known) return known;
  onProgress('正在创建系统用户 postgres（PostgreSQL 不允许以 root 身份运行）');
  let cause: unknown;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
    const made = await lookUp();
    if (made) return made;
  } catch (error) {
    cause = error;
  }
  throw new GuanlanError(
    'database-unavailable',
    'PostgreSQL 不能以 root 身份运行，而系统用户 postgres 不存在也无法创建（useradd 失败）。请用普通用户运行观澜，或先建立用户 postgres，或设置 DATABASE_URL 使用外部 PostgreSQL。',
    { cause },
  );
}

/** Whether the account can get to this path and, at its end, read (a file: also execute) it. Missing tail parts do not count. */
export async function canReach(account: Account, target: string): Promise<boolean> {
  const absolute = path.resolve(target);
  const parts = absolute.split(path.sep).slice(1);
  let current = path.parse(absolute).root;
  for (const part of ['', ...parts]) {
    current = part === '' ? current : path.join(current, part);
    let facts: Stats;
    try {
      facts = await stat(current);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
      throw error;
    }
    const needed = current === absolute ? 0o5 : 0o1;
    const shift = facts.uid === account.uid ? 6 : facts.gid === account.gid ? 3 : 0;
    if (((facts.mode >> shift) & needed) !== needed) return false;
  }
  return true;
}

const run = promisify(execFile);

async function lookUp(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
