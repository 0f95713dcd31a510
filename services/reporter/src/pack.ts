import { type Db, listWeekEvents, readWeekFigures, type WeekEvent, type WeekFigures } from '@guanlan/database';
import { dateOf, type Level, levelInfo, levelOfRank, minuteOf, type Span } from '@guanlan/domain';

/** The weekly pack's content, before any format: every statement carries the rows it rests on. */
export interface Pack {
  week: string;
  span: Span;
  /** When it was drawn up. */
  at: Date;
  figures: WeekFigures;
  previous: WeekFigures;
  /** By level, most severe first: how many events there are, and those the pack lists. */
  groups: { level: Level; title: string; count: number; events: WeekEvent[] }[];
}

/** Reads a week's pack from rows. `week` is an ISO week such as `2026-W47`, `span` its Monday to Monday in Shanghai. */
export async function readPack(db: Db, { week, span, now }: { week: string; span: Span; now: Date }): Promise<Pack> {
  const length = span.to.getTime() - span.from.getTime();
  const before = { from: new Date(span.from.getTime() - length), to: span.from };
  const [figures, previous, events] = await Promise.all([readWeekFigures(db, span), readWeekFigures(db, before), listWeekEvents(db, span)]);
  const groups = ([4, 3, 2, 1] as const).map((rank) => {
    const level = levelOfRank(rank);
    return {
      level,
      title: `${levelInfo[level].title}（${level} 级）`,
      count: figures.events[rank] ?? 0,
      events: events.filter((e) => e.rank === rank),
    };
  });
  return { week, span, at: now, figures, previous, groups };
}

/** `2026-11-16 至 2026-11-22` */
export function spanText({ from, to }: Span): string {
  return `${dateOf(from)} 至 ${dateOf(new Date(to.getTime() - 1))}`;
}

/** The first section, one sentence each. */
export function overview({ figures: f, previous: p, groups }: Pack): string[] {
  const levels = groups.map((g) => `${g.title}${g.count} 件`).join('，');
  return [
    `本周采集信息 ${f.collected} 条（${change(f.collected, p.collected)}），其中涉及本县且有等级的 ${f.relevant} 条（${change(f.relevant, p.relevant)}），去除内容相同与误报后计入监测数量 ${f.counted} 条。`,
    `新出现事件：${levels}。`,
    `预警提示新开 ${f.alertsOpened} 件，办结 ${f.alertsClosed} 件。`,
    `在监测的信息源 ${f.sources} 个，其中读取失败 ${f.failingSources} 个。`,
  ];
}

/** One event in words. `cites` names the rows, so that each line can be looked up. */
export function eventText(event: WeekEvent): { heading: string; facts: string; reasons: string; cites: string } {
  const reasons = [...Map.groupBy(event.reasons, (r) => r.rule)].slice(0, 3).map(([rule, hits]) => {
    const terms = [...new Set(hits.map((r) => `“${r.text}”`))].slice(0, 5);
    return `${rule}（${terms.join('')}）`;
  });
  return {
    heading: event.title,
    facts: [
      `首次发现 ${minuteOf(event.firstSeenAt)}`,
      `${event.itemCount} 条信息、${event.sourceCount} 个来源`,
      ...(event.places.length > 0 ? [`涉及${event.places.join('、')}`] : []),
    ].join('；'),
    reasons: `等级依据：${reasons.join('，') || '无'}`,
    cites: `事件 #${event.eventId}；信息 ${event.itemIds.map((id) => `#${id}`).join('、')}${event.itemCount > event.itemIds.length ? ' 等' : ''}${event.alert ? `；预警 #${event.alert.id}` : ''}`,
  };
}

/** In figures while there are few: one item more than one is not a doubling. */
function change(now: number, before: number): string {
  const by = Math.abs(now - before);
  if (by === 0) return '与上周持平';
  const direction = now > before ? '增' : '减';
  return before < 10 ? `较上周${direction} ${by} 条` : `较上周${direction} ${((by / before) * 100).toFixed(1)}%`;
}
