import { GuanlanError } from '@guanlan/domain';
import { isMap, isSeq, LineCounter, parseDocument, stringify } from 'yaml';
import type { CatalogueSource, RawEntry } from './catalogue.ts';

/**
 * The entries of a YAML list of sources, which stands under `sources` or is the whole document.
 *
 * @throws GuanlanError `bad-input` with the line when it is no YAML or no list
 */
export function readYaml(text: string): RawEntry[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const fault = document.errors[0];
  if (fault !== undefined) {
    const { line } = lines.linePos(fault.pos[0]);
    throw new GuanlanError('bad-input', `第 ${line} 行的 YAML 写法有误：${fault.message.split('\n')[0] ?? ''}`);
  }
  const list = isMap(document.contents) ? document.contents.get('sources', true) : document.contents;
  if (!isSeq(list)) throw new GuanlanError('bad-input', '文件中没有信息源列表：应为 sources: 之下的列表，每一条至少有 url。');
  return list.items.map((item) => {
    const start = (item as { range?: [number, number, number] }).range?.[0] ?? 0;
    return { line: lines.linePos(start).line, value: plain(item, document) };
  });
}

function plain(item: unknown, document: ReturnType<typeof parseDocument>): unknown {
  try {
    return (item as { toJS?: (document: unknown, options: object) => unknown }).toJS?.(document, { maxAliasCount: 50 }) ?? null;
  } catch (error) {
    throw new GuanlanError('bad-input', 'YAML 中的引用（*）过多或指向不存在的内容。', { cause: error });
  }
}

/** What {@link readYaml} reads; values that are as usual are left out. */
export function writeYaml(sources: readonly CatalogueSource[]): string {
  const rows = sources.map((source) => ({
    name: source.name,
    kind: source.kind,
    url: source.url,
    ...(source.every === null ? {} : { every: source.every }),
    ...(source.enabled ? {} : { enabled: false }),
    ...(source.local ? { local: true } : {}),
    ...(source.allowPrivate ? { allowPrivate: true } : {}),
    ...(source.untested ? { untested: true } : {}),
    ...(source.note === '' ? {} : { note: source.note }),
    ...(Object.keys(source.options).length === 0 ? {} : { options: source.options }),
  }));
  return stringify({ sources: rows }, { lineWidth: 0, aliasDuplicateObjects: false });
}
