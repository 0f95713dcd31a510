import { levelMark } from '@guanlan/domain';
import { escapeMarkup } from './encoding.ts';
import { demoMark, minuteOf } from './page.ts';
import type { ReceivedAlert } from './receiver.ts';
import type { Publication } from './schedule.ts';
import { type Fate, pathOf, sites } from './sites.ts';

export interface OverviewContext {
  visible: readonly Publication[];
  alerts: readonly ReceivedAlert[];
  /** Seconds of the story that have passed. */
  seconds: number;
}

/** The demo county's front page, for a newcomer: the sites, what they have published so far, the alerts that came back. */
export function renderOverview({ visible, alerts, seconds }: OverviewContext): string {
  const counts = Map.groupBy(visible, ({ site }) => site);
  const rows = sites.map(
    (site) =>
      `<tr><td><a href="${pathOf(site)}">${escapeMarkup(site.name)}</a></td><td>${'list' in site.shape ? '列表页' : site.shape.feed}</td><td>${site.charset}</td><td class="n">${counts.get(site.id)?.length ?? 0}</td><td>${fateOf(site.fate, seconds)}</td></tr>`,
  );
  const newest = visible.slice(-12).reverse();
  return `<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<title>观澜演示县</title>
<style>
body { font: 15px/1.6 system-ui, sans-serif; margin: 2em auto; max-width: 72em; padding: 0 1em; color: #223; }
.columns { display: flex; gap: 2em; flex-wrap: wrap; align-items: flex-start; }
.columns > div { flex: 1 1 26em; }
table { border-collapse: collapse; width: 100%; } td, th { border-bottom: 1px solid #dde; padding: .2em .6em; text-align: left; } .n { text-align: right; }
.level { display: inline-block; min-width: 2.2em; text-align: center; border-radius: .3em; color: #fff; background: #888; margin-right: .5em; }
.I { background: #c62828; } .II { background: #e67700; } .III { background: #c79a00; } .IV { background: #1565c0; }
.mark { color: #667; } li { margin: .3em 0; }
</style>
</head>
<body>
<h1>观澜演示县</h1>
<p class="mark">${demoMark}本页每 5 秒刷新。</p>
<div class="columns">
<div>
<h2>收到的预警（${alerts.length}）</h2>
${alerts.length === 0 ? '<p>还没有。启动观澜后，几秒内会收到第一条。</p>' : ''}
<ul>${alerts
    .slice(0, 30)
    .map(
      ({ at, message }) =>
        `<li><span class="level ${message.level}">${escapeMarkup(levelMark(message).slice(1, -1) || '提示')}</span>${escapeMarkup(message.title)}<br><span class="mark">${minuteOf(at).slice(11)}　${escapeMarkup(message.reason)}</span></li>`,
    )
    .join('')}</ul>
</div>
<div>
<h2>已发布 ${visible.length} 篇，来自 ${sites.length} 个站点</h2>
<ul>${newest.map((item) => `<li><a href="/${item.site}/${item.id}.html">${escapeMarkup(item.title)}</a> <span class="mark">${minuteOf(item.publishedAt).slice(5)}</span></li>`).join('')}</ul>
<table><tr><th>站点</th><th>形式</th><th>编码</th><th>篇数</th><th>状况</th></tr>
${rows.join('\n')}
</table>
</div>
</div>
</body>
</html>
`;
}

function fateOf(fate: Fate | undefined, seconds: number): string {
  if (fate === undefined) return '';
  if (fate.kind === 'disallowed') return 'robots.txt 不允许采集';
  const begun = seconds >= fate.at;
  if (fate.kind === 'dies') return begun ? '已关闭（404）' : '稍后会关闭';
  if (fate.kind === 'login') return begun ? '变慢，并要求登录' : '稍后会要求登录';
  return begun ? '已迁到新地址（301）' : '稍后会迁址';
}
