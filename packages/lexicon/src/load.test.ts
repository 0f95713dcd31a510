import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadJudge, loadLexiconFile, loadLexiconFolder } from './load.ts';

const rules = '[类别 accident]\n规则 火 III\n 条件 着火\n';
let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), '词库 '));
  await mkdir(path.join(root, 'lexicon'));
});
afterEach(() => rm(root, { recursive: true }));

const put = (name: string, text: string | Uint8Array) => writeFile(path.join(root, name), text);

describe('loading a lexicon', () => {
  it('joins the files of a folder and the gazetteer beside it into one text', async () => {
    await mkdir(path.join(root, 'gazetteer'));
    await put('lexicon/b.txt', rules);
    await put('lexicon/a.txt', '屏蔽 着火点\n');
    await put('lexicon/note.md', '不读');
    await put('gazetteer/x.txt', '[地名]\n县 巨鹿县|巨鹿\n');
    const { text, digest } = await loadLexiconFolder(path.join(root, 'lexicon'));
    expect(text).toBe(`#!文件 a.txt\n屏蔽 着火点\n#!文件 b.txt\n${rules}#!文件 gazetteer/x.txt\n[地名]\n县 巨鹿县|巨鹿\n`);
    await put('saved.txt', text);
    expect(await loadLexiconFile(path.join(root, 'saved.txt'))).toEqual({ text, digest });
    const judge = await loadJudge(path.join(root, 'lexicon'));
    expect(judge.digest).toBe(digest);
    expect(judge.assess({ title: '巨鹿着火' })).toMatchObject({ level: 'III', places: ['巨鹿县'] });
  });

  it('lends the places of another folder to a single file without any', async () => {
    await mkdir(path.join(root, 'places'));
    await put('own.txt', rules);
    await put('places/x.txt', '[地名]\n县 巨鹿县\n');
    expect((await loadJudge(path.join(root, 'own.txt'))).assess({ title: '巨鹿县着火' }).local).toBe(false);
    expect((await loadJudge(path.join(root, 'own.txt'), path.join(root, 'places'))).assess({ title: '巨鹿县着火' }).local).toBe(true);
  });

  it('says what is wrong with a path or an encoding', async () => {
    await expect(loadLexiconFolder(path.join(root, 'lexicon'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(loadJudge(path.join(root, 'missing'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('missing'),
    });
    await put('gbk.txt', Uint8Array.of(0xd7, 0xc5, 0xbb, 0xf0));
    await expect(loadLexiconFile(path.join(root, 'gbk.txt'))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('UTF-8'),
    });
    await put('bad.txt', '规则');
    await expect(loadJudge(path.join(root, 'bad.txt'))).rejects.toMatchObject({
      code: 'lexicon-invalid',
      message: expect.stringContaining('bad.txt 第 1 行'),
    });
  });
});
