import { readdir } from 'node:fs/promises';
import { GuanlanError } from '@guanlan/domain';
import type { SourceKind } from './define.ts';

export interface SourceRegistry {
  /** Every kind, by name. */
  readonly kinds: readonly SourceKind[];
  /** @throws GuanlanError `bad-input` for a kind that has no file */
  get(kind: string): SourceKind;
}

const folder = new URL('./adapters/', import.meta.url);

/**
 * Reads the folder of adapters: one file per kind, its default export made by `defineSource`, its name the kind.
 *
 * @throws GuanlanError `internal` when a file breaks that rule
 */
export async function loadSources(from: URL = folder): Promise<SourceRegistry> {
  const files = (await readdir(from)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).sort();
  const kinds = await Promise.all(files.map((file) => load(new URL(file, from), file.slice(0, -3))));
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  return {
    kinds,
    get(kind) {
      const found = byKind.get(kind);
      if (found === undefined) {
        throw new GuanlanError('bad-input', `没有“${kind.slice(0, 40)}”这种信息源；可用的有：${[...byKind.keys()].join('、')}。`);
      }
      return found;
    },
  };
}

async function load(file: URL, name: string): Promise<SourceKind> {
  const module: { default?: unknown } = await import(file.href);
  const kind = module.default;
  if (!isKind(kind) || kind.kind !== name) {
    throw new GuanlanError('internal', `adapters/${name}.ts 的默认导出应由 defineSource 生成，且 kind 与文件名一致。`);
  }
  return kind;
}

function isKind(value: unknown): value is SourceKind {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    'options' in value &&
    'collect' in value &&
    typeof value.collect === 'function'
  );
}
