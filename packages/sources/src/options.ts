import { GuanlanError } from '@guanlan/domain';
import { z } from 'zod';
import type { SourceRegistry } from './load.ts';

/**
 * Checks the options of a source of this kind at this address, as whoever wrote them by hand needs to hear of them.
 *
 * @throws GuanlanError `bad-input`, naming each option that is wrong or that the kind does not have; `not-found` for no such kind.
 */
export function checkOptions(kinds: SourceRegistry, { kind, url, options }: { kind: string; url: string; options: object }): void {
  const schema = kinds.get(kind).options;
  const parsed = schema.safeParse({ ...options, url }, { error: chinese });
  if (!parsed.success) throw new GuanlanError('bad-input', faults(parsed.error));
  const unknown = Object.keys(options).filter((name) => !(name in schema.shape));
  if (unknown.length > 0) throw new GuanlanError('bad-input', `“${kind}”没有这些选项：${unknown.join('、')}`);
}

export const chinese = z.locales.zhCN().localeError;

/** In words: `limit：…；item：…`. */
export function faults(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || '这一条'}：${issue.message}`).join('；');
}
