import { declaredCharset, escapeMarkup } from './encoding.ts';
import type { Publication } from './schedule.ts';
import type { ListLayout, Site } from './sites.ts';

/** On every document, so that nobody takes it for real. */
export const demoMark = '观澜演示数据：本站由程序生成，内容均为虚构，不代表任何单位。';

type Listed = Publication & { url: string };

/** A column of a site. A long title is cut in what is shown and whole in its `title` attribute, as such sites do. */
export function renderList(site: Site, layout: ListLayout, items: readonly Listed[]): string {
  return frame(site, site.name, layouts[layout](items));
}

const layouts: Readonly<Record<ListLayout, (items: readonly Listed[]) => string>> = {
  lines: (items) =>
    `<ul class="news-list">${items
      .map(
        (item) =>
          `<li><a href="${escapeMarkup(item.url)}" title="${escapeMarkup(item.title)}">${escapeMarkup(short(item.title))}</a><span class="date">${dayOf(item.publishedAt)}</span></li>`,
      )
      .join('\n')}</ul>`,
  table: (items) =>
    `<table class="posts"><tr class="head"><th>编号</th><th>主题</th><th>时间</th></tr>${items
      .map(
        (item) =>
          `<tr class="post"><td>${item.id}</td><td class="subject"><a href="${escapeMarkup(item.url)}">${escapeMarkup(item.title)}</a></td><td class="time">${minuteOf(item.publishedAt)}</td></tr>`,
      )
      .join('\n')}</table>`,
  cards: (items) =>
    items
      .map(
        (item) =>
          `<div class="card"><h3><a href="${escapeMarkup(item.url)}">${escapeMarkup(item.title)}</a></h3><p class="brief">${escapeMarkup((item.paragraphs[0] ?? '').slice(0, 60))}</p><p class="time">${minuteOf(item.publishedAt)}</p></div>`,
      )
      .join('\n'),
};

/** An article of a site. */
export function renderArticle(site: Site, item: Publication): string {
  const time = minuteOf(item.publishedAt);
  return frame(
    site,
    item.title,
    `<div class="article">
<h1 class="article-title">${escapeMarkup(item.title)}</h1>
<div class="article-info"><span>发布时间：${time}</span> <span>来源：${escapeMarkup(site.name)}</span></div>
<div class="article-content" id="content">
${item.paragraphs.map((paragraph) => `<p>${escapeMarkup(paragraph)}</p>`).join('\n')}
</div>
</div>`,
    `<meta name="PubDate" content="${time}">`,
  );
}

/** What the old notice board shows instead of its feed once it wants people to sign in. */
export function renderLogin(site: Site): string {
  return frame(site, '请先登录', '<form method="post"><p>本栏目已升级，请登录后查看。</p><input name="name"><button>登录</button></form>');
}

function frame(site: Site, title: string, body: string, head = ''): string {
  const charset = declaredCharset(site);
  return `<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=${charset}">
<title>${escapeMarkup(title)}_${escapeMarkup(site.name)}（演示）</title>
${head}
</head>
<body>
<div class="header"><a href="/">演示县首页</a> <a href="/${site.id}/">${escapeMarkup(site.name)}</a></div>
<div class="nav"><a href="/gov/">公告</a> <a href="/portal/">本地</a> <a href="/liuyan/">留言</a> <a href="/hotline/">热线</a></div>
<div class="main">
${body}
</div>
<div class="footer">${demoMark}</div>
</body>
</html>
`;
}

function short(title: string): string {
  return title.length <= 26 ? title : `${title.slice(0, 24)}...`;
}

/** In the county's time: 2026-11-23 19:51 */
export function minuteOf(date: Date): string {
  return new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

function dayOf(date: Date): string {
  return minuteOf(date).slice(0, 10);
}
