import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { GuanlanError } from '@guanlan/domain';
import { createJudge, type Judge } from './judge.ts';
import { compileLexicon, joinLexicon, type LexiconFile, lexiconDigest } from './lexicon.ts';

/** The source of a lexicon as one text, as a revision row stores it, and its SHA-256. */
export interface LexiconSource {
  text: string;
  digest: string;
}

/** Joins every `*.txt` of a folder, and of the folder `gazetteer` beside it where there is one, in the order of their names. */
export async function loadLexiconFolder(folder: string): Promise<LexiconSource> {
  const files = await textFiles(folder, '');
  if (files.length === 0) throw new GuanlanError('not-found', `词库文件夹 ${folder} 里没有 .txt 文件，请检查路径`);
  const gazetteer = path.join(folder, '..', 'gazetteer');
  return sourceOf([...files, ...((await isFolder(gazetteer)) ? await textFiles(gazetteer, 'gazetteer/') : [])]);
}

/** Reads one rule file, or a whole source as `loadLexiconFolder` joined it. */
export async function loadLexiconFile(file: string): Promise<LexiconSource> {
  const text = await readText(file);
  return text.startsWith('#!文件 ') ? { text, digest: lexiconDigest(text) } : sourceOf([{ name: path.basename(file), text }]);
}

/**
 * A judge of a lexicon's file or folder. Where its source names no places, those of `gazetteer` (a folder) are used.
 * Errors: `not-found`, `bad-input` (not UTF-8), `lexicon-invalid`.
 */
export async function loadJudge(fileOrFolder: string, gazetteer?: string): Promise<Judge> {
  return createJudge(compileLexicon(await loadJudgeSource(fileOrFolder, gazetteer)));
}

/** The source that {@link loadJudge} compiles, as one text. Errors: `not-found`, `bad-input`. */
export async function loadJudgeSource(fileOrFolder: string, gazetteer?: string): Promise<string> {
  const { text } = (await isFolder(fileOrFolder)) ? await loadLexiconFolder(fileOrFolder) : await loadLexiconFile(fileOrFolder);
  if (gazetteer === undefined || /^\s*\[\s*地名\s*\]/mu.test(text)) return text;
  return `${text}\n${joinLexicon(await textFiles(gazetteer, 'gazetteer/'))}`;
}

function sourceOf(files: LexiconFile[]): LexiconSource {
  const text = joinLexicon(files);
  return { text, digest: lexiconDigest(text) };
}

async function textFiles(folder: string, prefix: string): Promise<LexiconFile[]> {
  const names = (await reading(folder, () => readdir(folder))).filter((name) => name.endsWith('.txt'));
  return await Promise.all(names.map(async (name) => ({ name: `${prefix}${name}`, text: await readText(path.join(folder, name)) })));
}

async function readText(file: string): Promise<string> {
  const bytes = await reading(file, () => readFile(file));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new GuanlanError('bad-input', `${file} 不是 UTF-8 文本，请用 UTF-8 编码另存`, { cause });
  }
}

async function isFolder(name: string): Promise<boolean> {
  return await stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function reading<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new GuanlanError('not-found', `读不到 ${name}，请检查路径和权限`, { cause });
  }
}
