import { writeFile } from 'node:fs/promises';
import { GuanlanError } from '@guanlan/domain';

/** Writes a file that was asked for. Throws `bad-input`, naming it, where it cannot be written. */
export async function writeOut(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(file, content).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? '文件夹不存在' : (error.code ?? '原因不明');
    throw new GuanlanError('bad-input', `文件不能写入（${why}）：${file}`, { cause: error });
  });
}
