import { readFile, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { hotlineWorkbook } from '../support/hotline-workbook.ts';
import { guanlan } from '../support/product.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('guanlan import', () => {
  let database: TestDatabase;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await database?.drop();
    await folder?.remove();
  });

  const put = async (name: string, body: string | Uint8Array) => {
    const file = `${folder.dir}/${name}`;
    await writeFile(file, body);
    return file;
  };
  const run = (args: string[], env: Record<string, string> = {}) =>
    guanlan(['import', ...args], { DATABASE_URL: database.connectionString, GUANLAN_DATA: folder.dir, ...env });
  const items = () => database.db.selectFrom('item').selectAll().orderBy('id').execute();

  test('rows become items of one paused source; bad ones go to the rejects file with their line and reason; again adds nothing', async () => {
    const file = await put(
      '热线.csv',
      [
        '工单号,诉求标题,诉求内容,受理时间,所属乡镇,诉求类别,网址,来电人',
        'A1,停水,联系13800138000，两天没水,2026-11-20 08:00,巨鹿镇,供水,,张某',
        'A2,路灯不亮,,20261119203000,,,https://example.org/a?utm_source=x,李某',
        'A3,,,2026-11-20,,,,',
        'A4,积水,=1+1,择日,,,,',
        'A5,积水,路面,,,,不是网址,',
        'A6,通知,机密★10年 某事,,,,,',
        'A7,涝,地,2099-01-01,,,,',
        'A1,停水（重复）,换了说法,,,,,',
        'A8,多,列,,,,,,,多出来',
      ].join('\r\n'),
    );
    const done = await run([file, '--name', '12345热线', '--local', '--json']);
    expect(done.stderr).toContain('来电人 → 不导入');
    expect(done.stderr).toContain('所属乡镇 → 区域');
    expect([done.code, JSON.parse(done.stdout)]).toMatchObject([0, { rows: 9, accepted: 2, duplicates: 1, rejected: 6 }]);

    const stored = (await items()).toSorted((a, b) => a.title.length - b.title.length);
    expect(stored.map(({ title, text, url }) => ({ title, text, url }))).toEqual([
      { title: '停水', text: '联系〔手机号〕，两天没水\n地点：巨鹿镇\n类别：供水', url: null },
      { title: '路灯不亮', text: '', url: 'https://example.org/a' },
    ]);
    expect(stored.map(({ published_at }) => published_at?.toISOString())).toEqual(['2026-11-20T00:00:00.000Z', '2026-11-19T12:30:00.000Z']);
    expect(JSON.stringify(stored)).not.toMatch(/张某|李某/u);
    expect(await database.db.selectFrom('item_pending').select('item_id').execute()).toHaveLength(2);
    const source = await database.db.selectFrom('source').select(['kind', 'url', 'local', 'paused_at']).executeTakeFirstOrThrow();
    expect(source).toEqual({ kind: 'import', url: 'import:12345热线', local: true, paused_at: expect.any(Date) });
    const audit = await database.db.selectFrom('audit_entry').select(['act', 'data']).orderBy('id', 'desc').executeTakeFirstOrThrow();
    expect(audit).toMatchObject({ act: 'import.file', data: { rows: 9, accepted: 2, rejected: 6 } });

    const rejects = (await readFile(`${file}.未导入.csv`, 'utf8')).split('\r\n').filter(Boolean);
    expect(rejects[0]).toBe('\ufeff工单号,诉求标题,诉求内容,受理时间,所属乡镇,诉求类别,网址,来电人,行号,原因');
    expect(rejects.slice(1).map((line) => line.split(',').slice(-2).join(' '))).toEqual([
      '4 标题和正文都是空的',
      expect.stringMatching(/^5 时间看不懂：择日/u),
      expect.stringMatching(/^6 网址不对/u),
      expect.stringMatching(/^7 带有密级标志“机密”/u),
      '8 时间还没有到：2099-01-01',
      '10 单元格比表头多（表头 8 列）',
    ]);
    expect(rejects[2]).toContain(",'=1+1,");
    expect((await stat(`${file}.未导入.csv`)).mode & 0o077).toBe(0);

    const again = await run([file, '--name', '12345热线']);
    expect(again.stdout).toMatch(/新存入 0 条，已有 3 条，未收下 6 行，原因见 .*未导入\.csv。用时/u);
    expect(await items()).toHaveLength(2);

    expect(await database.db.selectFrom('source').select('local').executeTakeFirstOrThrow()).toEqual({ local: true });

    // Mended, the rejects are themselves a file to import.
    const mended = (await readFile(`${file}.未导入.csv`, 'utf8')).replace('择日', '2026-11-18');
    const last = await run([await put('修正.csv', mended), '--name', '12345热线', '--json']);
    expect(JSON.parse(last.stdout)).toMatchObject({ accepted: 2 });
    expect((await items()).map(({ text }) => text).join()).not.toContain("'=");
  }, 60_000);

  test('the mapping can be changed, a dry run stores nothing, and faults are one clear sentence', async () => {
    const file = await put('自定.csv', '甲,乙\n某处起火,x\n');
    const lost = await run([file]);
    expect([lost.code, lost.stderr.trim().split('\n').at(-1)]).toEqual([
      1,
      "错误：认不出标题或正文是哪一列，请用 --map 指明，如 --map '甲=正文'。",
    ]);
    expect((await run([file, '--map', '丙=标题'])).stderr).toContain('没有名为“丙”的列；有：甲、乙。');
    expect((await run([file, '--map', '甲=作者'])).stderr).toContain('字段应为 标题、正文、时间、网址、编号、区域、类别 之一');
    const before = (await items()).length;
    expect((await run([file, '--map', '甲=标题', '--dry-run'])).stdout).toContain('可导入 1 行，没有不合格的行');
    expect(await items()).toHaveLength(before);
    expect((await run([await put('机密名单.csv', '标题\n某事\n')])).stderr).toContain('密级标志');
    expect((await run([`${folder.dir}/没有.csv`])).stderr).toContain('没有这个文件');
  }, 60_000);

  test('50,000 rows of XLSX in a heap of 128 MB, every bad row told, and again nothing', async () => {
    const file = await put('大表.xlsx', hotlineWorkbook(50_000, 1_000));
    const bounded = { NODE_OPTIONS: '--max-old-space-size=128' };
    const first = JSON.parse((await run([file, '--name', '大表', '--json'], bounded)).stdout);
    expect(first).toMatchObject({ rows: 50_000, accepted: 49_950, duplicates: 0, rejected: 50 });
    const rejects = (await readFile(first.rejects, 'utf8')).trim().split('\r\n').slice(1);
    expect(rejects).toHaveLength(50);
    for (const [i, line] of rejects.entries()) expect(line).toMatch(new RegExp(`,${(i + 1) * 1_000 + 2},时间看不懂：择日`, 'u'));
    const again = JSON.parse((await run([file, '--name', '大表', '--json'], bounded)).stdout);
    expect(again).toMatchObject({ rows: 50_000, accepted: 0, duplicates: 49_950, rejected: 50 });
  }, 180_000);
});
