import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { closeAlert, confirmLevel } from '@guanlan/database';
import { weekSpan } from '@guanlan/domain';
import { renderPack } from '@guanlan/reporter';
import { manualClock } from '@guanlan/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { allChecked, countRows, openWorld, rss, until, type World } from './path-world.ts';

const week = '2026-W47';
const now = new Date('2026-11-23T01:00:00Z');
let w: World;

const lastWeek = [{ title: '巨鹿县西郭城镇一商铺突发火灾', text: '巨鹿县西郭城镇一家商铺起火，现场浓烟滚滚，无人受伤。' }];
const thisWeek = [
  {
    title: '巨鹿县小吕寨镇一厂房突发火灾',
    text: '今天上午，巨鹿县小吕寨镇一家厂房突然起火，现场浓烟滚滚，有2人被困，消防救援人员已赶到扑救。',
  },
  { title: '巨鹿县官亭镇发生交通事故', text: '巨鹿县官亭镇省道上一辆货车与轿车相撞，造成3人受伤，道路拥堵。' },
  {
    title: '家长反映巨鹿县某学校食堂饭菜有异物 *[待核实]* <提醒>',
    text: '有家长反映巨鹿县某学校食堂饭菜里吃出虫子，多名学生出现腹泻、呕吐。',
  },
  { title: '文化广场举办读书分享会', text: '现场气氛热烈，欢迎更多人报名。' },
];

/** Two weeks through the real path: one incident in the first; in the second three, one of them copied, one a false alarm. */
beforeAll(async () => {
  const clock = manualClock(new Date('2026-11-11T02:00:00Z'));
  w = await openWorld({ clock });
  const feeds: Record<string, string> = {
    '/1': rss(lastWeek.map((e, n) => ({ ...escaped(e), link: `http://news.example/last/${n}` }))),
    '/2': rss(thisWeek.map((e, n) => ({ ...escaped(e), link: `http://news.example/this/${n}` }))),
    '/3': rss(thisWeek.slice(0, 1).map((e, n) => ({ ...escaped(e), link: `http://copy.example/this/${n}` }))),
  };
  const origin = await w.serve((request, response) => {
    const body = feeds[request.url ?? ''];
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8' }).end(body);
  });
  const created = new Date('2026-11-10T00:00:00Z');
  const watch = async (name: string) => {
    await w.watch(`${origin}${name}`, { everySeconds: 604_800 });
    await w.db.updateTable('source').set({ created_at: created, next_check_at: created }).where('last_checked_at', 'is', null).execute();
  };
  await watch('/1');
  await w.dispatcher();
  await w.counter();
  await w.classifier();
  await w.crawler();
  await allChecked(w);
  await settled(1);
  clock.set(new Date('2026-11-18T02:00:00Z'));
  for (const name of ['/2', '/3', '/missing']) await watch(name);
  await until(
    () => countRows(w.db),
    (n) => n.items === 6,
  );
  await settled(4);
  const crash = await w.db
    .selectFrom('alert')
    .innerJoin('event', 'event.id', 'event_id')
    .select('alert.id')
    .where('title', '=', thisWeek[1]?.title ?? '')
    .executeTakeFirstOrThrow();
  const fire = await w.db
    .selectFrom('alert')
    .innerJoin('event', 'event.id', 'event_id')
    .select('alert.id')
    .where('title', '=', thisWeek[0]?.title ?? '')
    .executeTakeFirstOrThrow();
  await confirmLevel(w.db, fire.id, { actor: '测试', note: '', now: clock.now(), rank: 1 });
  await closeAlert(w.db, crash.id, { actor: '测试', note: '', now: clock.now(), outcome: 'false-alarm' });
}, 60_000);
afterAll(() => w?.close());

function settled(alerts: number) {
  return until(
    () => countRows(w.db),
    (n) => n.pending === 0 && n.tallied === n.relevant && n.undecided === 0 && n.alerts === alerts,
  );
}

const render = async (format: 'md' | 'docx', of = week) => {
  const span = weekSpan(of);
  if (span === null) throw new Error(`${of} is no week`);
  return Buffer.from(await renderPack(w.db, { week: of, span, now, format }));
};

describe('the weekly pack', () => {
  test('its figures are those of the rows', async () => {
    const text = (await render('md')).toString('utf8');
    expect(text).toContain('# 网络舆情研判会商材料\n\n2026 年第 47 周（2026 年 11 月 16 日至 11 月 22 日）');
    expect(text).toContain(
      '本周采集信息 5 条（较上周增 4 条），其中涉及本县且有级别的 4 条（较上周增 3 条），去除内容相同与误报后计入监测数量 2 条。',
    );
    const [, real, wrong, confirmed] = /新出现事件 (\d+) 件，另有经核实为误报的 (\d+) 件。.*；级别已由人员核定 (\d+) 件/u.exec(text) ?? [];
    expect([real, wrong, confirmed]).toEqual(['2', '1', '1']);
    const levels = [...text.matchAll(/[：，](?:I{1,3}|IV)级 (\d+) 件/gu)].map((m) => Number(m[1]));
    expect(levels).toHaveLength(4);
    expect(levels.reduce((a, b) => a + b)).toBe(2);
    expect(text).toContain('预警提示新开 3 件，办结 1 件。');
    expect(text).toContain('在监测的信息源 4 个，其中读取失败 1 个。');
    expect(text, 'Markdown in a title stays text').toContain('\\*\\[待核实\\]\\* \\<提醒\\>');
    const empty = (await render('md', '2026-W40')).toString('utf8');
    expect(empty).toContain('本周采集信息 0 条（与上周持平）');
    expect(empty).toContain('本周没有涉及本县的有级别事件。');
  });

  test('a level is a proposal until a person has confirmed it, and a false alarm is no grave matter', async () => {
    const text = (await render('md')).toString('utf8');
    const section = (heading: RegExp) => text.slice(text.search(heading) + 4).split('\n### ')[0] ?? '';
    expect(section(/### （.）IV级·一般，1 件/u)).toContain(thisWeek[0]?.title);
    expect(text).toMatch(/学校食堂饭菜有异物.*（建议III级）\n/u);
    expect(section(/### （.）经核实为误报，1 件/u)).toContain(thisWeek[1]?.title);
  });

  test('each event cites rows that are there and belong to it', async () => {
    const text = (await render('md')).toString('utf8');
    const cites = [...text.matchAll(/^> 事件 #(\d+)；信息 ([#\d、]+)；预警 #(\d+)$/gmu)];
    expect(cites).toHaveLength(3);
    for (const [, event, items, alert] of cites) {
      const rows = await w.db.selectFrom('event_item').select('item_id').where('event_id', '=', Number(event)).orderBy('item_id').execute();
      expect(items).toBe(rows.map((r) => `#${r.item_id}`).join('、'));
      expect(await w.db.selectFrom('alert').select('event_id').where('id', '=', Number(alert)).execute()).toEqual([
        { event_id: Number(event) },
      ]);
    }
    const fire = text.slice(text.indexOf('一厂房突发火灾'));
    expect(fire).toMatch(/^一厂房突发火灾（核定IV级）\n\n首次发现 2026-11-18 10:00；2 条信息、2 个来源/u);
    expect(fire).toMatch(/级别依据：火灾（“.+”）/u);
  });

  test('as .docx it is well-formed and has the page of GB/T 9704', async () => {
    const file = await render('docx');
    const body = entry(file, 'word/document.xml');
    for (const name of ['word/document.xml', 'word/styles.xml', 'word/footer1.xml', '[Content_Types].xml']) {
      expect(malformed(entry(file, name)), name).toBeNull();
    }
    // Twentieths of a point: A4, 37 mm above, 28 left, 26 right, 35 below (GB/T 9704-2012, 5.2).
    const millimetres = (tag: string, attribute: string) => {
      const twips = new RegExp(`<w:${tag} [^>]*?w:${attribute}="(\\d+)"`, 'u').exec(body)?.[1];
      return Math.round((Number(twips) / 1_440) * 25.4);
    };
    expect(['w', 'h'].map((side) => millimetres('pgSz', side))).toEqual([210, 297]);
    expect(['top', 'left', 'right', 'bottom'].map((side) => millimetres('pgMar', side))).toEqual([37, 28, 26, 35]);
    for (const { title } of thisWeek.slice(0, 2)) expect(body).toContain(title);
    expect(body).toContain('&lt;提醒&gt;');
    expect(body).not.toContain(thisWeek[3]?.title);
  });

  test('a word processor opens it', { timeout: 120_000 }, async ({ skip }) => {
    const run = promisify(execFile);
    if (
      !(await run('soffice', ['--version']).then(
        () => true,
        () => false,
      ))
    )
      skip('needs soffice (LibreOffice)');
    const folder = await temporaryFolder();
    try {
      await writeFile(path.join(folder.dir, 'pack.docx'), await render('docx'));
      const profile = `-env:UserInstallation=file://${folder.dir}/profile`;
      await run('soffice', [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder.dir, path.join(folder.dir, 'pack.docx')]);
      const pdf = await readFile(path.join(folder.dir, 'pack.pdf'));
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      expect(pdf.toString('latin1')).toMatch(/\/MediaBox ?\[ ?0 0 59[45][.\d]* 84[12][.\d]* ?\]/u);
    } finally {
      await folder.remove();
    }
  });
});

function escaped({ title, text }: { title: string; text: string }): { title: string; text: string } {
  return { title: `<![CDATA[${title}]]>`, text };
}

/** One file of a ZIP archive, found through its central directory. */
function entry(zip: Buffer, name: string): string {
  let at = zip.readUInt32LE(zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1')) + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [packed, nameLength, extraLength, commentLength] = [20, 28, 30, 32].map((o, i) =>
      i === 0 ? zip.readUInt32LE(at + o) : zip.readUInt16LE(at + o),
    ) as [number, number, number, number];
    const local = zip.readUInt32LE(at + 42);
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const bytes = zip.subarray(from, from + packed);
      return (zip.readUInt16LE(at + 10) === 0 ? bytes : inflateRawSync(bytes)).toString('utf8');
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
  throw new Error(`${name} is not in the archive`);
}

/** The first place where a document is not well-formed XML; null when it is. Enough of XML for what an office file holds. */
function malformed(xml: string): string | null {
  const open: string[] = [];
  let end = 0;
  for (const match of xml.matchAll(/<(\?xml[^>]*\?|\/?)([\w:.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/gu)) {
    const text = xml.slice(end, match.index);
    if (/[<>\0]|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/u.test(text)) return text;
    end = match.index + match[0].length;
    const [whole, mark, name = '', , empty] = match;
    if (mark === '/' && open.pop() !== name) return whole;
    if (mark === '' && empty === '') open.push(name);
  }
  return end === xml.trimEnd().length ? (open[0] ?? null) : xml.slice(end);
}
