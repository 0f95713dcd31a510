import type { Readable } from 'node:stream';
import { GuanlanError } from '@guanlan/domain';
import { type Entry, openPromise } from 'yauzl';
import { tableLimits } from './row.ts';

export interface Archive {
  has(part: string): boolean;
  /** A part's unpacked bytes and how many they are. Throws `bad-input` when it is missing, `parse-limit` when it unpacks to too much. */
  read(part: string): Promise<{ stream: Readable; size: number }>;
  close(): void;
}

const maxParts = 10_000;

/** Opens a ZIP file. What unpacks to more than it says is an error of its stream. */
export async function openArchive(file: string): Promise<Archive> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false, validateEntrySizes: true }).catch((cause: unknown) => {
    throw new GuanlanError('bad-input', `${file} 不是完整的工作簿，可能没有下载完。`, { cause });
  });
  const parts = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (parts.size >= maxParts) throw new GuanlanError('parse-limit', `${file} 里的文件超过 ${maxParts} 个，不是正常的工作簿。`);
      if (entry.isEncrypted()) throw new GuanlanError('bad-input', `${file} 加了密码，请另存为不加密的 .xlsx 再导入。`);
      parts.set(entry.fileName.replace(/^\/+/u, '').toLowerCase(), entry);
    }
  } catch (cause) {
    zip.close();
    if (cause instanceof GuanlanError) throw cause;
    throw new GuanlanError('bad-input', `${file} 不是完整的工作簿，可能已损坏。`, { cause });
  }
  return {
    has: (part) => parts.has(part.toLowerCase()),
    read: async (part) => {
      const entry = parts.get(part.toLowerCase());
      if (entry === undefined) throw new GuanlanError('bad-input', `${file} 不是 Excel 工作簿（缺少 ${part}）。`);
      const { compressedSize, uncompressedSize } = entry;
      const bomb = uncompressedSize > tableLimits.ratioFrom && uncompressedSize > compressedSize * tableLimits.ratio;
      if (bomb || uncompressedSize > tableLimits.partBytes) {
        throw new GuanlanError('parse-limit', `${file} 解压后有 ${Math.round(uncompressedSize / 2 ** 20)} MB，超过上限，未读取。`);
      }
      const stream = await zip.openReadStreamPromise(entry).catch((cause: unknown) => {
        throw new GuanlanError('bad-input', `${file} 的 ${part} 已损坏，请在 Excel 或 WPS 中打开，另存一份再导入。`, { cause });
      });
      return { stream, size: uncompressedSize };
    },
    close: () => zip.close(),
  };
}
