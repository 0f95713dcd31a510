import { readFile } from 'node:fs/promises';
import { addPausedSource, addSource, appendAudit, listSourceDefinitions, noteSource } from '@guanlan/database';
import { GuanlanError } from '@guanlan/domain';
import { type CatalogueSource, loadSources, type RefusedEntry, readCatalogue, shareable, writeOpml, writeYaml } from '@guanlan/sources';
import { durationOf, seconds } from './duration.ts';
import { print, say } from './output.ts';
import type { Resources } from './resources.ts';
import { writeOut } from './write-out.ts';

export interface ImportResult {
  added: { id: number; source: CatalogueSource }[];
  /** Those that were there already, untouched. */
  present: number;
  refused: RefusedEntry[];
}

const usualEvery = '5m';

/** Adds the sources of a list. Each stands or falls by itself; one that is there already is left as it is, so that importing twice changes nothing. */
export async function importSources({ db, clock }: Pick<Resources, 'db' | 'clock'>, text: string, file: string): Promise<ImportResult> {
  const { sources, refused } = readCatalogue(text, await loadSources());
  const result: ImportResult = { added: [], present: 0, refused: [...refused] };
  for (const source of sources) {
    const everySeconds = interval(source, result.refused);
    if (everySeconds === null) continue;
    const { kind, name, url, options, local, allowPrivate, enabled } = source;
    const row = { kind, name, url, options, local, allowPrivate, authorKind: 'unknown' as const, everySeconds };
    const now = clock.now();
    const { id, added } = enabled ? await addSource(db, row) : await addPausedSource(db, row, now);
    if (!added) {
      result.present += 1;
      continue;
    }
    if (source.note !== '') await noteSource(db, { sourceId: id, at: now, note: source.note });
    result.added.push({ id, source });
    await appendAudit(db, {
      at: now,
      actor: 'cli',
      act: 'source.add',
      subject: `source:${id}`,
      data: { kind, url, file, paused: !enabled },
    });
  }
  return result;
}

function interval(source: CatalogueSource, refused: RefusedEntry[]): number | null {
  try {
    return seconds(source.every ?? usualEvery, 'every');
  } catch (error) {
    if (!(error instanceof GuanlanError)) throw error;
    refused.push({ line: 0, name: source.name, reason: error.message });
    return null;
  }
}

/** Reads the file, imports it and says what became of each entry. Exit code 1 when any was refused. */
export async function importFile(resources: Resources, file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new GuanlanError('not-found', `文件不能读取（${error.code ?? '原因不明'}）：${file}`, { cause: error });
  });
  const { added, present, refused } = await importSources(resources, text, file);
  for (const { id, source } of added) {
    const marks = [source.enabled ? '' : '已暂停', source.untested ? '未验证' : ''].filter(Boolean);
    print(`已添加 ${id}（${source.kind}）${source.name}${marks.length > 0 ? `（${marks.join('，')}）` : ''}`);
    if (source.note !== '') say(`    ${source.note}`);
  }
  for (const { line, name, reason } of refused) say(`未添加${line > 0 ? `（第 ${line} 行）` : ''}${name}：${reason}`);
  say(`新增 ${added.length} 个，已有 ${present} 个，未添加 ${refused.length} 个。`);
  if (added.some(({ source }) => !source.enabled))
    say('其中暂停的不会自动读取：用 source test <编号> 试读，确认后用 source resume <编号> 启用。');
  if (refused.length > 0) process.exitCode = 1;
}

/** Writes every source that a list can hold to a file, or to stdout. Secrets stay here. */
export async function exportSources({ db, clock }: Pick<Resources, 'db' | 'clock'>, format: 'opml' | 'yaml', file?: string): Promise<void> {
  const kinds = await loadSources();
  const known = new Set(kinds.kinds.map((kind) => kind.kind));
  const sources: CatalogueSource[] = [];
  for (const row of await listSourceDefinitions(db)) {
    // Imports, tokens and reporting units are rows too; nobody fetches them.
    if (!known.has(row.kind)) continue;
    const { options, withheld } = shareable(row.options, row.kind, kinds);
    if (withheld.length > 0) say(`${row.id} ${row.name}：密钥（${withheld.join('、')}）不导出`);
    const { kind, name, url, local, allowPrivate, paused } = row;
    const every = durationOf(row.everySeconds);
    sources.push({ kind, name, url, local, allowPrivate, options, every, enabled: !paused, untested: false, note: '' });
  }
  const { text, left } = format === 'opml' ? writeOpml(sources, clock.now()) : { text: writeYaml(sources), left: [] };
  if (left.length > 0) say(`OPML 只能写订阅类的信息源，另有 ${left.length} 个未写入；要全部导出请用 --format yaml。`);
  await appendAudit(db, {
    at: clock.now(),
    actor: 'cli',
    act: 'source.export',
    subject: 'sources',
    data: { format, sources: sources.length - left.length },
  });
  if (file === undefined) process.stdout.write(text);
  else {
    await writeOut(file, text);
    say(`已写入 ${sources.length - left.length} 个信息源：${file}`);
  }
}
