import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { GuanlanError } from '@guanlan/domain';

/** Files by the SHA-256 of their bytes, below `dir`. The same bytes are one file. */
export interface AttachmentStore {
  /** Writes and flushes the bytes; returns their SHA-256 (hexadecimal). */
  write(bytes: Buffer): Promise<string>;
  /** Throws `not-found` when the file is gone. */
  read(sha256: string): Promise<Buffer>;
  remove(sha256: string): Promise<void>;
}

export function createAttachmentStore(dir: string): AttachmentStore {
  const place = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/u.test(sha256)) throw new GuanlanError('not-found', '没有这个附件。');
    return path.join(dir, sha256.slice(0, 2), sha256);
  };
  return {
    write: async (bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const target = place(sha256);
      if ((await stat(target).catch(() => null))?.size === bytes.length) return sha256;
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      const fresh = `${target}.${randomUUID()}`;
      try {
        const handle = await open(fresh, 'wx', 0o600);
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(fresh, target);
      } finally {
        await rm(fresh, { force: true });
      }
      return sha256;
    },
    read: async (sha256) =>
      readFile(place(sha256)).catch((cause: unknown) => {
        throw new GuanlanError('not-found', '附件文件不在数据文件夹中，可能由另一台机器保存。', { cause });
      }),
    remove: (sha256) => rm(place(sha256), { force: true }),
  };
}
