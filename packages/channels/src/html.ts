import { lastLine } from './fit.ts';
import type { Wording } from './wording.ts';

/** The wording as a whole HTML page for a mail reader: inline styles only, nothing fetched, every outside text escaped. */
export function htmlOf(wording: Wording): string {
  const { head, facts, items, link } = wording;
  const list = items
    .map(({ title, from, url }) => {
      const name = url === null ? escaped(title) : `<a href="${escaped(url)}">${escaped(title)}</a>`;
      return `<li style="margin:4px 0">${name}<br><span style="color:#666">${escaped(from)}</span></li>`;
    })
    .join('');
  return [
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"></head>',
    '<body style="font:15px/1.6 sans-serif;color:#222;max-width:640px">',
    `<h1 style="font-size:18px;margin:0 0 12px">${escaped(head)}</h1>`,
    ...facts.map((line) => `<p style="margin:6px 0">${escaped(line)}</p>`),
    list === '' ? '' : `<ol style="padding-left:24px">${list}</ol>`,
    `<p style="margin-top:16px;color:#666">${link === null ? lastLine(wording, false) : `<a href="${escaped(link)}">在观澜查看与处置</a>`}</p>`,
    '</body></html>',
  ].join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}
