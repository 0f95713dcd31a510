import { createHash, randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, mkdir, realpath, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Account, accountFor, canReach } from './account.ts';
import { type Binaries, findBinaries, reachableBinaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { explainFileFault } from './faults.ts';
import type { ServerRecord } from './record.ts';
import { stopServer } from './server.ts';

/** Where root keeps clusters and programs when the data folder or node_modules is closed to the database's user. */
const systemStore = '/var/lib/guanlan';

/** Makes the data folder and returns its real path. Throws `database-unavailable` when it cannot be written. */
export async function openDataFolder(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true });
    const real = await realpath(dataDir);
    await access(real, constants.R_OK | constants.W_OK | constants.X_OK);
    return real;
  } catch (error) {
    throw explainFileFault('打开数据文件夹', error, path.resolve(dataDir));
  }
}

/**
 * Decides where the cluster is: where the record says, else inside the data folder, else (root, and the data folder
 * closed to the database's user, such as in root's home) under `systemStore`. Parents' permissions are never changed.
 */
export async function placeCluster(
  dataDir: string,
  record: ServerRecord | undefined,
  onProgress: (message: string) => void,
): Promise<{ cluster: Cluster; recorded: string }> {
  const inside = path.join(dataDir, 'postgres');
  const recorded = record ? path.resolve(dataDir, record.cluster) : inside;
  const account = await accountFor(recorded, onProgress);
  const binaries = await reachableBinaries(findBinaries(), account, systemStore, onProgress);
  const build = async (directory: string) => {
    const real = existsSync(directory) ? await realpath(directory) : directory;
    return {
      cluster: { directory: real, binaries, account },
      recorded: path.dirname(directory) === dataDir ? path.basename(directory) : directory,
    };
  };
  if (record && (record.port > 0 || existsSync(recorded))) return build(recorded);
  if (!account || (await canReach(account, dataDir))) return build(inside);
  return build(await claimOutside({ dataDir, binaries, account, known: record !== undefined, onProgress }));
}

/** `<store>/<hash of the data folder>/postgres`; beside it stands which data folder it belongs to. */
async function claimOutside(wanted: {
  dataDir: string;
  binaries: Binaries;
  account: Account;
  known: boolean;
  onProgress: (message: string) => void;
}): Promise<string> {
  const { dataDir, binaries, account, known, onProgress } = wanted;
  const home = path.join(systemStore, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  const directory = path.join(home, 'postgres');
  try {
    if (!known && existsSync(directory)) {
      // The data folder was deleted and made anew: a fresh start is wanted, but nobody asked to destroy the old data.
      await stopServer({ directory, binaries, account });
      const aside = `${home}.${randomUUID().slice(0, 8)}`;
      await rename(home, aside);
      onProgress(`数据文件夹是新的；它从前的数据库保留在 ${aside}，确认不需要后可自行删除`);
    }
    await mkdir(home, { recursive: true, mode: 0o755 });
    await writeFile(path.join(home, 'data-folder.txt'), `${dataDir}\n`);
  } catch (error) {
    throw explainFileFault('准备数据库文件夹', error, home);
  }
  onProgress(`数据文件夹 ${dataDir} 不允许用户 postgres 访问，数据库文件保存在 ${home}（数据文件夹内的 postgres.json 记着这个位置）`);
  return directory;
}
