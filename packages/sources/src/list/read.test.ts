import { describe, expect, it } from 'vitest';
import { readList } from './read.ts';

const now = new Date('2026-11-23T12:00:00+08:00');
const base = 'https://www.example.org/news/index.html';
const menu =
  '<ul class="menu"><li><a href="/a/">政务公开</a></li><li><a href="/b/">办事服务</a></li><li><a href="/c/">互动交流</a></li><li><a href="/d/">走进我县</a></li></ul>';
const titles = [
  '县里开展冬季消防安全大检查',
  '第三水厂检修期间供水安排公布',
  '城东农贸市场改造工程进入收尾阶段',
  '多部门联合检查校园周边食品安全',
];
const urls = (entries: { url: string }[]) => entries.map((entry) => new URL(entry.url).pathname);

describe('without selectors', () => {
  it('finds the list in a page of menus', async () => {
    const rows = titles
      .map((title, i) => `<li class="row-${i}"><a href="./${i + 1}.html">${title}</a><span>11-${20 + i}</span></li>`)
      .join('');
    const entries = await readList(`<html><body>${menu}<ul class="news">${rows}</ul>${menu}</body></html>`, { base, now });
    expect(entries.map((entry) => entry.title)).toEqual(titles);
    expect(urls(entries)).toEqual(['/news/1.html', '/news/2.html', '/news/3.html', '/news/4.html']);
    expect(entries.map((entry) => entry.publishedAt?.toISOString())).toEqual(
      ['19', '20', '21', '22'].map((day) => `2026-11-${day}T16:00:00.000Z`),
    );
  });

  it('finds a table of notices, and reads abbreviated titles in full', async () => {
    const rows = titles
      .map((title, i) => `<tr><td><a href="/t/${i}.html" title="${title}的通知">${title}...</a></td><td>[2026-11-0${i + 1}]</td></tr>`)
      .join('');
    const entries = await readList(`<html><body>${menu}<table><tbody>${rows}</tbody></table></body></html>`, { base });
    expect(entries[0]).toEqual({
      url: 'https://www.example.org/t/0.html',
      title: `${titles[0]}的通知`,
      publishedAt: new Date('2026-10-31T16:00:00Z'),
    });
    expect(entries).toHaveLength(4);
  });

  it('takes one entry for a picture and a headline of one article', async () => {
    const rows = titles
      .map((title, i) => `<div class="card"><a href="/t/${i}.html"><img></a><h3><a href="/t/${i}.html">${title}</a></h3></div>`)
      .join('');
    expect((await readList(`<body>${menu}${rows}`, { base })).map((entry) => entry.title)).toEqual(titles);
  });

  it('says so where there is none', async () => {
    await expect(readList(`<html><body>${menu}<p>没有列表</p></body></html>`, { base })).rejects.toMatchObject({ code: 'not-a-list' });
  });
});

it('goes through thousands of links beside each other once, not once for each', async () => {
  const same = '<a href="/a/1000.html">关于同一件事情的很长的标题</a>'.repeat(6_000);
  const own = Array.from({ length: 4 }, (_, n) => `<li><a href="/b/200${n}.html">第 ${n} 件各不相同的事情的标题</a></li>`).join('');
  const entries = await readList(`<div>${same}</div><ul>${own}</ul>`, { base: 'https://news.example.cn/' });
  expect(entries.map(({ url }) => url)).toEqual(Array.from({ length: 4 }, (_, n) => `https://news.example.cn/b/200${n}.html`));
});

describe('with selectors', () => {
  const html = `<html><body>${menu}<div class="x"><b>甲</b><a href="/1">更多</a><i>2026-11-20</i></div><div class="x"><b>乙</b><a href="/2">更多</a><i>前天</i></div></body></html>`;
  it('follows them', async () => {
    const entries = await readList(html, { base, now, selectors: { item: '.x', link: 'a', title: 'b', date: 'i' } });
    expect(entries).toEqual([
      { url: 'https://www.example.org/1', title: '甲', publishedAt: new Date('2026-11-19T16:00:00Z') },
      { url: 'https://www.example.org/2', title: '乙', publishedAt: new Date('2026-11-20T16:00:00Z') },
    ]);
  });
  it('refuses what is no selector', async () => {
    await expect(readList(html, { base, selectors: { item: '<<<' } })).rejects.toMatchObject({ code: 'bad-input' });
  });
});
