import { readFile } from 'node:fs/promises';
import { toGuanlanError } from '@guanlan/domain';
import type { Command } from 'commander';
import { printJson } from '../output.ts';

const maxBytes = 20 * 1024 * 1024;

export function registerFeed(program: Command): void {
  program
    .command('feed')
    .description('解析订阅源（RSS、Atom、JSON Feed，任意编码），每个输入一行 JSON')
    .argument('<input...>', '文件或网址')
    .action(async (inputs: string[]) => {
      const { parseFeed } = await import('@guanlan/sources');
      const open = await opener();
      for (const input of inputs) {
        try {
          const { bytes, ...origin } = await open.read(input);
          printJson({ input, ...parseFeed(bytes, origin) });
        } catch (error) {
          const fault = toGuanlanError(error);
          printJson({ input, error: { code: fault.code, message: fault.message } });
          process.exitCode = 1;
        }
      }
      await open.close();
    });
}

/** Reads files and addresses alike; the guarded client is made when the first address comes. What a person names here may be private. */
async function opener() {
  const { createHttpClient, loadConfig } = await import('@guanlan/runtime');
  let http: ReturnType<typeof createHttpClient> | undefined;
  return {
    read: async (input: string): Promise<{ bytes: Uint8Array; url?: string; contentType?: string }> => {
      if (!/^https?:\/\//iu.test(input)) return { bytes: await readFile(input) };
      if (http === undefined) {
        const config = loadConfig(process.env);
        http = createHttpClient({ userAgent: config.userAgent, perHostIntervalMs: config.hostIntervalMs });
      }
      const response = await http.fetch(input, { allowPrivate: true, maxBytes });
      const contentType = response.headers['content-type'];
      return { bytes: await response.bytes(), url: response.url, ...(typeof contentType === 'string' ? { contentType } : {}) };
    },
    close: async () => http?.close(),
  };
}
