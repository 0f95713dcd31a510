import { posix } from 'node:path';
import { GuanlanError } from '@guanlan/domain';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { tableLimits } from './row.ts';
import type { Archive } from './xlsx-archive.ts';
import { isDateCode, isDateFormat } from './xlsx-date.ts';

export interface Book {
  sheets: { name: string; part: string; hidden: boolean }[];
  /** Names of parts; null when the workbook has none. */
  sharedTexts: string | null;
  styles: string | null;
  date1904: boolean;
}

/** The workbook's table of contents. */
export async function readBook(archive: Archive): Promise<Book> {
  const root = await readRelations(archive, '_rels/.rels', '');
  const main = root.find(({ type }) => type === 'officeDocument')?.target ?? 'xl/workbook.xml';
  const folder = posix.dirname(main);
  const relations = await readRelations(archive, `${folder}/_rels/${posix.basename(main)}.rels`, folder);
  const sheets: Book['sheets'] = [];
  let date1904 = false;
  await walk(archive, main, {
    open: ({ name, attributes }) => {
      if (local(name) === 'workbookPr') date1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      if (local(name) !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => local(key) === 'id' && key !== 'sheetId')?.[1];
      const relation = relations.find((r) => r.id === id && r.type === 'worksheet');
      const hidden = attributes.state !== undefined && attributes.state !== 'visible';
      if (relation) sheets.push({ name: attributes.name ?? '', part: relation.target, hidden });
    },
  });
  const partOf = (type: string) => {
    const target = relations.find((r) => r.type === type)?.target;
    return target !== undefined && archive.has(target) ? target : null;
  };
  return { sheets, sharedTexts: partOf('sharedStrings'), styles: partOf('styles'), date1904 };
}

/** The texts that cells refer to by number; rich text without its form, without readings. */
export async function readSharedTexts(archive: Archive, part: string | null): Promise<string[]> {
  const texts: string[] = [];
  if (part === null) return texts;
  let current = '';
  let length = 0;
  let reading = false;
  let phonetic = false;
  await walk(archive, part, {
    open: ({ name }) => {
      const tag = local(name);
      if (tag === 'si') current = '';
      else if (tag === 'rPh') phonetic = true;
      else if (tag === 't') reading = !phonetic;
    },
    text: (text) => {
      if (!reading) return;
      current += text;
      length += text.length;
      if (length > tableLimits.sharedLength)
        throw new GuanlanError('parse-limit', '工作簿里的文字超过上限，请分成几个文件，或另存为 CSV 再导入。');
    },
    close: ({ name }) => {
      const tag = local(name);
      if (tag === 't') reading = false;
      else if (tag === 'rPh') phonetic = false;
      else if (tag === 'si') texts.push(current);
    },
  });
  return texts;
}

/** By the number of a cell's style: whether it shows a date. */
export async function readDateStyles(archive: Archive, part: string | null): Promise<boolean[]> {
  const own = new Map<number, boolean>();
  const styles: boolean[] = [];
  if (part === null) return styles;
  let inCells = false;
  await walk(archive, part, {
    open: ({ name, attributes }) => {
      const tag = local(name);
      if (tag === 'numFmt') own.set(Number(attributes.numFmtId), isDateCode(attributes.formatCode ?? ''));
      else if (tag === 'cellXfs') inCells = true;
      else if (tag === 'xf' && inCells) {
        const id = Number(attributes.numFmtId ?? 0);
        styles.push(own.get(id) ?? isDateFormat(id));
      }
    },
    close: ({ name }) => {
      if (local(name) === 'cellXfs') inCells = false;
    },
  });
  return styles;
}

/** A name without its prefix: some programs write `x:row`. */
export function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

interface Relation {
  id: string;
  /** Last word of the relation's type. */
  type: string;
  /** Path of the part within the archive. */
  target: string;
}

async function readRelations(archive: Archive, part: string, folder: string): Promise<Relation[]> {
  const relations: Relation[] = [];
  if (!archive.has(part)) return relations;
  await walk(archive, part, {
    open: ({ name, attributes }) => {
      if (local(name) !== 'Relationship') return;
      const target = attributes.Target ?? '';
      relations.push({
        id: attributes.Id ?? '',
        type: (attributes.Type ?? '').split('/').at(-1) ?? '',
        target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target),
      });
    },
  });
  return relations;
}

interface Visitor {
  open(tag: { name: string; attributes: Record<string, string> }): void;
  text?(text: string): void;
  close?(tag: { name: string }): void;
}

async function walk(archive: Archive, part: string, visitor: Visitor): Promise<void> {
  const { stream } = await archive.read(part);
  const parser = new SaxesParser();
  parser.on('opentag', (tag: SaxesTagPlain) => visitor.open(tag));
  parser.on('text', (text) => visitor.text?.(text));
  parser.on('closetag', (tag) => visitor.close?.(tag));
  parser.on('error', (error) => {
    throw error;
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) parser.write(decoder.decode(chunk, { stream: true }));
    parser.write(decoder.decode()).close();
  } catch (cause) {
    if (cause instanceof GuanlanError) throw cause;
    throw new GuanlanError('bad-input', `工作簿的 ${part} 损坏，读不下去；请在 Excel 或 WPS 中打开，另存一份再导入。`, { cause });
  } finally {
    stream.destroy();
  }
}
