import { readFile } from 'node:fs/promises';
import { GuanlanError, toGuanlanError } from '@guanlan/domain';
import { createHttpClient, type HttpClient, loadConfig } from '@guanlan/runtime';
import { printJson } from './output.ts';

const maxBytes = 20 * 1024 * 1024;

/** What a file or an address gave. `url` and `contentType` are an address's own. */
export interface Input {
  bytes: Uint8Array;
  url?: string;
  contentType?: string;
}

/**
 * One JSON line for each file or address, in order: what `read` makes of it, or `{input, error: {code, message}}` and exit
 * code 1 at the end. Addresses go through the guarded client; what a person names here may be private.
 */
export async function answerEach(inputs: readonly string[], read: (input: Input) => Promise<object> | object): Promise<void> {
  let http: HttpClient | undefined;
  const load = async (input: string): Promise<Input> => {
    const scheme = /^([a-z][a-z0-9+.-]+):\/\//iu.exec(input)?.[1]?.toLowerCase();
    if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
      throw new GuanlanError('url-invalid', `只能读 http:// 或 https:// 开头的网址，不是 ${scheme}://`);
    if (!/^https?:\/\//iu.test(input)) return { bytes: await readFile(input).catch((error: unknown) => unreadable(input, error)) };
    if (http === undefined) {
      const config = loadConfig(process.env);
      http = createHttpClient({ userAgent: config.userAgent, perHostIntervalMs: config.hostIntervalMs });
    }
    const answer = await http.fetch(input, { allowPrivate: true, maxBytes });
    const contentType = answer.headers['content-type'];
    return { bytes: await answer.bytes(), url: answer.url, ...(contentType === undefined ? {} : { contentType }) };
  };
  try {
    for (const input of inputs) {
      try {
        printJson({ input, ...(await read(await load(input))) });
      } catch (error) {
        const { code, message, details } = toGuanlanError(error);
        printJson({ input, error: { code, message, ...(details.charset === undefined ? {} : { charset: details.charset }) } });
        process.exitCode = 1;
      }
    }
  } finally {
    await http?.close();
  }
}

function unreadable(input: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code;
  const what = code === 'ENOENT' ? '没有这个文件' : code === 'EISDIR' ? '这是文件夹，不是文件' : `文件不能读取（${code ?? '原因不明'}）`;
  throw new GuanlanError(code === 'ENOENT' ? 'not-found' : 'bad-input', `${what}：${input}`, { cause: error });
}
