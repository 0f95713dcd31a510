import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listSourceDefinitions } from '@guanlan/database';
import { defaultsDir, rootDir } from '@guanlan/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'guanlan-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs one command line as a person would. */
async function guanlan(args: readonly string[], input = ''): Promise<{ code: number | null; out: string; err: string }> {
  const env = { ...process.env, DATABASE_URL: database.connectionString };
  const child = spawn(process.execPath, [path.join(rootDir, 'services/cli/src/main.ts'), ...args], { env });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text.out += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text.err += part;
  });
  child.stdin.on('error', () => {}).end(input);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...text };
}

it('imports the list that ships, paused, once, and exports it whole', async () => {
  const list = path.join(defaultsDir, 'sources', 'julu.yaml');
  const first = await guanlan(['source', 'import', list]);
  expect(first.err).toMatch(/未添加 0 个/u);
  expect(first.code).toBe(0);
  const sources = await listSourceDefinitions(database.db);
  expect(sources.length).toBeGreaterThan(20);
  expect(sources.every((source) => source.paused)).toBe(true);
  expect(first.out).toMatch(/已暂停，未验证/u);
  // What the list says of each stays with it.
  const notes = await database.db.selectFrom('source_entry').select('note').where('kind', '=', 'note').execute();
  expect(notes.filter(({ note }) => note.startsWith('未在此处验证。'))).toHaveLength(sources.length);

  expect((await guanlan(['source', 'import', list])).err).toMatch(new RegExp(`新增 0 个，已有 ${sources.length} 个`, 'u'));

  const copy = path.join(folder, 'copy.yaml');
  expect((await guanlan(['source', 'export', copy])).code).toBe(0);
  expect((await readFile(copy, 'utf8')).match(/^ {2}- name:/gmu)).toHaveLength(sources.length);
  const opml = await guanlan(['source', 'export', '--format', 'opml']);
  expect(opml.out.match(/xmlUrl=/gu)).toHaveLength(sources.filter((source) => source.kind === 'rsshub').length);
  expect(opml.err).toMatch(/另有 \d+ 个未写入/u);
}, 60_000);

it('adds what is right of a list and says what is wrong with the rest', async () => {
  const file = path.join(folder, 'mixed.yaml');
  await writeFile(
    file,
    'sources:\n  - { name: 好的, url: "https://good.example/feed", every: 10m }\n  - { name: 坏的, kind: telepathy, url: "https://bad.example/" }\n  - { name: 太勤, url: "https://fast.example/feed", every: 1ms }\n',
  );
  const { code, out, err } = await guanlan(['source', 'import', file]);
  expect(code).toBe(1);
  expect(out).toMatch(/（feed）好的$/mu);
  expect(err).toMatch(/第 3 行）坏的：没有“telepathy”/u);
  expect(err).toMatch(/太勤：every 应为/u);
  const added = (await listSourceDefinitions(database.db)).filter((source) => source.url.includes('.example/'));
  expect(added).toMatchObject([{ name: '好的', paused: false, everySeconds: 600 }]);
}, 60_000);

it('reads pages, lists and dates from files', async () => {
  const fixtures = path.join(rootDir, 'packages/sources/fixtures/list');
  const page = await guanlan([
    'page',
    path.join(fixtures, 'article-2.page'),
    path.join(folder, 'none.html'),
    '--base',
    'https://www.example.org/a/2.html',
  ]);
  const [read, missing] = page.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(page.code).toBe(1);
  expect(read).toMatchObject({
    charset: 'gb18030',
    canonicalUrl: 'https://www.example.org/a/2.html',
    publishedAt: '2026-11-22T12:15:00.000Z',
  });
  expect(missing).toMatchObject({ error: { code: 'not-found' } });

  const index = path.join(fixtures, 'index.page');
  const list = await guanlan(['list', index, '--base', 'https://www.example.org/news/', '--item', '.news li', '--date', 'span']);
  expect(JSON.parse(list.out)).toMatchObject({
    input: index,
    entries: { length: 4, 0: { url: 'https://www.example.org/article-1.page' } },
  });
  expect((await guanlan(['list', index])).code).toBe(2);

  expect((await guanlan(['date', '昨天 10:05', '--now', '2026-11-23T12:00:00+08:00'])).out).toBe('2026-11-22T10:05:00+08:00\n');
  expect((await guanlan(['date', '没有日期'])).code).toBe(1);
  expect((await guanlan(['date'])).code).toBe(2);
  const rows = '{"id":1,"text":"五分钟后","now":"2026-11-23T12:00:00+08:00"}\n{"id":"b","text":"无"}\n';
  expect((await guanlan(['date', '--jsonl'], rows)).out).toBe('{"id":1,"date":"2026-11-23T12:05:00+08:00"}\n{"id":"b","date":null}\n');
}, 60_000);
