import { type Db, listWeekEvents, readWeekFigures, type WeekEvent, type WeekFigures } from '@guanlan/database';
import { dateOf, levelInfo, levelOfRank, levelStep, levelText, minuteOf, type Span } from '@guanlan/domain';

/** The weekly pack's content, before any format: every statement carries the rows it rests on. */
export interface Pack {
  week: string;
  span: Span;
  /** When it was drawn up. */
  at: Date;
  figures: WeekFigures;
  previous: WeekFigures;
  /** By level, most severe first, then false alarms: how many events there are, and those the pack lists. */
  groups: { title: string; count: number; events: WeekEvent[] }[];
}

const ranks = [4, 3, 2, 1] as const;

function isFalseAlarm({ alert }: WeekEvent): boolean {
  return alert?.outcome === 'false-alarm';
}

/** Reads a week's pack from rows. `week` is an ISO week such as `2026-W47`, `span` its Monday to Monday in Shanghai. */
export async function readPack(db: Db, { week, span, now }: { week: string; span: Span; now: Date }): Promise<Pack> {
  const length = span.to.getTime() - span.from.getTime();
  const before = { from: new Date(span.from.getTime() - length), to: span.from };
  const [figures, previous, events] = await Promise.all([readWeekFigures(db, span), readWeekFigures(db, before), listWeekEvents(db, span)]);
  const [wrong, real] = [events.filter(isFalseAlarm), events.filter((event) => !isFalseAlarm(event))];
  const groups = ranks.map((rank) => {
    const level = levelOfRank(rank);
    const title = `${levelStep(level)}·${levelInfo[level].title}`;
    return { title, count: figures.events[rank] ?? 0, events: real.filter((event) => event.rank === rank) };
  });
  const falseAlarms = { title: '经核实为误报', count: figures.falseAlarms, events: wrong };
  return { week, span, at: now, figures, previous, groups: [...groups, falseAlarms] };
}

/** `2026 年第 47 周（2026 年 11 月 16 日至 11 月 22 日）` */
export function periodText({ week, span: { from, to } }: Pack): string {
  const [year, number] = week.split('-W').map(Number);
  const first = dayParts(from);
  const last = dayParts(new Date(to.getTime() - 1));
  const end = first.year === last.year ? last.day : `${last.year} 年 ${last.day}`;
  return `${year} 年第 ${number} 周（${first.year} 年 ${first.day}至 ${end}）`;
}

function dayParts(at: Date): { year: number; day: string } {
  const [year = 0, month, day] = dateOf(at).split('-').map(Number);
  return { year, day: `${month} 月 ${day} 日` };
}

/** The first section, one sentence each. */
export function overview({ figures: f, previous: p }: Pack): string[] {
  const counts = ranks.map((rank) => f.events[rank] ?? 0);
  const real = counts.reduce((sum, count) => sum + count, 0);
  const levels = ranks.map((rank, n) => `${levelStep(levelOfRank(rank))} ${counts[n]} 件`).join('，');
  const wrong = f.falseAlarms === 0 ? '' : `，另有经核实为误报的 ${f.falseAlarms} 件`;
  const whose = f.confirmedLevels === real ? '级别均已由人员核定' : `级别已由人员核定 ${f.confirmedLevels} 件，其余为建议级别`;
  return [
    `本周采集信息 ${f.collected} 条（${change(f.collected, p.collected)}），其中涉及本县且有级别的 ${f.relevant} 条（${change(f.relevant, p.relevant)}），去除内容相同与误报后计入监测数量 ${f.counted} 条。`,
    real === 0 ? `新出现事件 0 件${wrong}。` : `新出现事件 ${real} 件${wrong}。按级别：${levels}；${whose}。`,
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
    heading: isFalseAlarm(event) ? event.title : `${event.title}（${levelText(levelOfRank(event.rank), event.confirmed)}）`,
    facts: [
      `首次发现 ${minuteOf(event.firstSeenAt)}`,
      `${event.itemCount} 条信息、${event.sourceCount} 个来源`,
      ...(event.places.length > 0 ? [`涉及${event.places.join('、')}`] : []),
    ].join('；'),
    reasons: `级别依据：${reasons.join('，') || '无'}`,
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
