import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapColumns } from './columns.ts';
import { writeCsvRow } from './csv.ts';
import { readTable, type Table } from './table.ts';
import { type Cell, workbook } from './xlsx-fixture.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'guanlan tables '));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

let files = 0;
async function put(body: string | Uint8Array): Promise<string> {
  files += 1;
  const file = path.join(dir, `${files}.bin`);
  await writeFile(file, body);
  return file;
}

async function read(body: string | Uint8Array, options = {}): Promise<Table & { all: (string | null)[][] }> {
  const table = await readTable(await put(body), options);
  const all: (string | null)[][] = [];
  for await (const row of table.rows) all.push(row.fault === null ? row.cells : [null, row.fault]);
  return { ...table, all };
}

const head = '工单号,诉求标题,诉求内容,受理时间,所属乡镇';
const body = `${head}\n1,停水,"小区停水,\n两天了",2026-11-20,巨鹿镇\n\n2,路灯,不亮,,\n`;
/** GB18030 of 标题,内容\n停水,巨鹿县城停水 */
const gb = Buffer.from('b1eacce22cc4dac8dd0acda3cbae2cbedec2b9cfd8b3c7cda3cbae0a', 'hex');

describe('readTable: text', () => {
  it.each([
    ['UTF-8', Buffer.from(body), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${body}`), 'utf-8'],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${body}`, 'utf16le'), 'utf-16le'],
    ['UTF-16BE with a mark', Buffer.from(`\ufeff${body}`, 'utf16le').swap16(), 'utf-16be'],
    ['tabs', Buffer.from(body.replaceAll(',', '\t').replace('停水\t\n', '停水,\n')), 'utf-8'],
    ['semicolons', Buffer.from(body.replaceAll(',', ';').replace('停水;\n', '停水,\n')), 'utf-8'],
    ['Windows line ends', Buffer.from(body.replaceAll('\n', '\r\n').replace(',\r\n两', ',\n两')), 'utf-8'],
  ])('%s', async (_, bytes, charset) => {
    const table = await read(bytes);
    expect(table).toMatchObject({ format: 'csv', charset, headerLine: 1, columns: head.split(',') });
    expect(table.all).toEqual([
      ['1', '停水', '小区停水,\n两天了', '2026-11-20', '巨鹿镇'],
      ['2', '路灯', '不亮', '', ''],
    ]);
    expect(table.progress()).toBe(1);
  });

  it('GB18030', async () => {
    const table = await read(gb);
    expect(table.charset).toBe('gb18030');
    expect(table.columns).toEqual(['标题', '内容']);
    expect(table.all).toEqual([['停水', '巨鹿县城停水']]);
  });

  it('finds the header below a title, names nameless columns, and says where a row is', async () => {
    const table = await readTable(await put(`某县工单汇总,,\n导出时间：今天,,\n编号,标题,,标题\n1,a,b,c\n"2\n2",a,b,c\n3,a,b,c,d\n`));
    expect(table).toMatchObject({ headerLine: 3, columns: ['编号', '标题', '第3列', '标题（第4列）'] });
    const rows = await Array.fromAsync(table.rows);
    expect(rows.map(({ line, fault }) => [line, fault])).toEqual([
      [4, null],
      [5, null],
      [7, '单元格比表头多（表头 4 列）'],
    ]);
  });

  it('takes 500 columns and no more', async () => {
    const wide = (width: number) => Array.from({ length: width }, (_, i) => `c${i}`).join(',');
    expect((await read(`${wide(500)}\n${wide(500)}\n`)).all[0]).toHaveLength(500);
    expect((await read(`标题,内容\n${wide(501)}\n`)).all).toEqual([[null, '超过 500 列']]);
  });

  it('hands on a row that is too long, or whose quote is never closed, with its fault, and reads what is left', async () => {
    const long = await read(`标题,内容\na,${'长'.repeat(1_000_100)}\nb,c\n`);
    expect(long.all).toEqual([
      [null, '一行超过 1000000 个字'],
      ['b', 'c'],
    ]);
    const open = await read('标题,内容\na,b\nc,"没有结束\nd,e\n');
    expect(open.all).toEqual([
      ['a', 'b'],
      [null, '引号没有成对'],
      ['d', 'e'],
    ]);
    expect((await read('标题,内容\na,"他说"你好"，走了"\nb"c"d,e\n')).all).toEqual([
      ['a', '他说"你好"，走了'],
      ['b"c"d', 'e'],
    ]);
  });

  it('what it writes it reads back, formulas defused', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '停', ',', '"', '\n', '=', '+', '-', '@', "'", ' ', '1') });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (rows) => {
        const written = rows.map((row) => writeCsvRow(row)).join('');
        for (const text of rows.flat()) expect(writeCsvRow([text])).not.toMatch(/^"?[=+\-@]/u);
        const table = await read(`标题,内容\r\n${written}`);
        const kept = rows.filter((row) => row.some((text) => text.trim() !== ''));
        // A single apostrophe before a formula's sign is what the guard looks like.
        expect(table.all).toEqual(kept.map((row) => row.map((text) => text.replace(/^'(?=[=+\-@])/u, ''))));
      }),
      { numRuns: 200 },
    );
  });

  it('JSONL: names of any line become columns, bad lines are told', async () => {
    const lines = ['{"标题":"停水","n":1,"是":true,"x":null}', '', '坏的', '[1]', '{"正文":"路灯","列表":[1,{"a":2}]}'];
    const table = await read(`\ufeff${lines.join('\r\n')}`);
    expect(table).toMatchObject({ format: 'jsonl', columns: ['标题', 'n', '是', 'x', '正文', '列表'] });
    expect(table.all).toEqual([
      ['停水', '1', 'true', '', '', ''],
      [null, '不是一个 JSON 对象'],
      [null, '不是一个 JSON 对象'],
      ['', '', '', '', '路灯', '[1,{"a":2}]'],
    ]);
  });
});

describe('readTable: workbooks', () => {
  const rows: Cell[][] = [
    ['12345热线工单'],
    ['编号', '标题', '受理时间', '字数', '备注'],
    [20_261_123_000_012, { shared: '停水' }, { serial: 46_346.770833333336 }, { formula: 'LEN(B3)', value: '2' }, { rich: ['很', '急'] }],
    [0.1 + 0.2, '内联', { serial: 46_346 }, { error: '#N/A' }, true],
  ];

  it('numbers, shared and inline texts, dates, formulas by their value', async () => {
    const table = await read(workbook([{ name: '工单', rows }]));
    expect(table).toMatchObject({ format: 'xlsx', charset: null, sheet: '工单', headerLine: 2 });
    expect(table.all).toEqual([
      ['20261123000012', '停水', '2026-11-20 18:30:00', '2', '很急'],
      ['0.3', '内联', '2026-11-20', '', '1'],
    ]);
    expect(table.progress()).toBe(1);
  });

  it('reads the first visible sheet, or the one that is asked for', async () => {
    const book = workbook([
      { name: '隐藏', rows: [['标题'], ['甲']], hidden: true },
      { name: '一', rows: [['标题'], ['乙']] },
      { name: '二', rows: [['标题'], ['丙']] },
    ]);
    expect((await read(book)).all).toEqual([['乙']]);
    expect((await read(book, { sheet: '二' })).all).toEqual([['丙']]);
    await expect(read(book, { sheet: '三' })).rejects.toThrow('没有名为“三”的工作表；有：隐藏、一、二');
  });

  it('refuses a bomb by its size before it unpacks it, and one that lies about its size while it does', async () => {
    const bomb = workbook([{ name: '一', rows: [['标题']], padding: 64 * 2 ** 20 }]);
    expect(bomb.length).toBeLessThan(200_000);
    await expect(read(bomb)).rejects.toMatchObject({ code: 'parse-limit' });
    const lying = Buffer.from(workbook([{ name: '一', rows: [['标题'], ['甲']], padding: 8 * 2 ** 20 }]));
    for (let at = lying.indexOf('PK\u0001\u0002', 0, 'latin1'); at !== -1; at = lying.indexOf('PK\u0001\u0002', at + 4, 'latin1')) {
      if (lying.readUInt32LE(at + 24) > 2 ** 20) lying.writeUInt32LE(2_000, at + 24);
    }
    await expect(read(lying)).rejects.toMatchObject({ code: 'bad-input' });
  }, 60_000);

  it('expands no entities of its own', async () => {
    const evil = workbook([
      {
        name: '一',
        rows: [['标题'], ['甲']],
        doctype: '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>',
        raw: '<t>&b;</t>',
      },
    ]);
    await expect(read(evil)).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('readTable refuses', () => {
  it.each([
    ['', '是空的'],
    [Buffer.from('d0cf11e0a1b11ae1', 'hex'), '旧版 .xls'],
    ['<html><table><tr><td>标题</td></tr></table></html>', '网页表格'],
    [Buffer.from('504b0304ffff', 'hex'), '不是完整的工作簿'],
    ['\n \n', '没有表头'],
  ])('%#', async (bytes, words) => {
    await expect(read(bytes)).rejects.toThrow(words);
  });

  it('nothing else breaks it: bytes thrown at it and torn workbooks end in rows or in a told fault', async () => {
    const book = workbook([
      {
        name: '一',
        rows: [
          ['编号', '标题'],
          [1, '甲'],
          [2, { shared: '乙' }],
        ],
      },
    ]);
    const torn = fc.tuple(fc.nat(book.length - 1), fc.nat(255), fc.nat(book.length)).map(([at, byte, end]) => {
      const copy = Buffer.from(book);
      copy[at] = byte;
      return copy.subarray(0, Math.max(4, end % 3 === 0 ? end : copy.length));
    });
    const text = fc
      .string({ unit: fc.constantFrom('标题', ',', '"', '\n', '\r', '\t', ';', 'a', '{', '}', ':', '\u0000', '\ufffd', '1') })
      .map(Buffer.from);
    const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(fc.oneof(torn, text, noise, fc.constant(randomBytes(2_000))), async (bytes) => {
        try {
          const { columns, all } = await read(bytes);
          for (const row of all) expect(row[0] === null || row.length === columns.length).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ name: 'GuanlanError' });
        }
      }),
      { numRuns: 1_500 },
    );
  }, 60_000);
});

describe('mapColumns', () => {
  const titled = (columns: string[]) => Object.fromEntries([...mapColumns(columns)].map(([field, i]) => [field, columns[i]]));

  it('knows the names of hotlines and vendors, the better ones first', () => {
    expect(titled(['序号', '工单编号', '诉求标题*', '诉求内容', '受理时间（北京）', '所属乡镇', '诉求类别', '来电人', '联系电话'])).toEqual(
      {
        ...{ number: '工单编号', title: '诉求标题*', text: '诉求内容', time: '受理时间（北京）', place: '所属乡镇', category: '诉求类别' },
      },
    );
    expect(titled(['主题', '标题', '摘要', '正文', '日期', '发布时间', '链接'])).toEqual({
      title: '标题',
      text: '正文',
      time: '发布时间',
      url: '链接',
    });
    expect(titled(['Title', 'URL', 'published_at', 'content'])).toEqual({
      title: 'Title',
      url: 'URL',
      time: 'published_at',
      text: 'content',
    });
  });

  it('does as it is told', () => {
    const columns = ['甲', '标题', '内容'];
    expect([
      ...mapColumns(
        columns,
        new Map([
          ['甲', 'title'],
          ['内容', null],
        ]),
      ),
    ]).toEqual([['title', 0]]);
  });
});

it('a file in GB18030 is what this test says it is', async () => {
  expect(new TextDecoder('gb18030').decode(await readFile(await put(gb)))).toContain('巨鹿县城停水');
});
