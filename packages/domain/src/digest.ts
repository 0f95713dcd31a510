import { type Level, levelStep, levelText } from './level.ts';
import type { AlertMessage } from './notification.ts';

/** Why messages were gathered into one. */
export const carriageTitles = {
  quiet: '静默时段内的提示',
  digest: '定时汇总',
  storm: '短时间内提示过多，合并发送',
  outage: '渠道恢复，补发期间的提示',
} as const;
export type Carriage = keyof typeof carriageTitles;

/** Alerts that a digest names in its data; its text shows the first of them. */
export const namedInDigest = 500;
const shownLines = 20;

export interface DigestContent {
  /** The most urgent first, at most {@link namedInDigest}; not empty. */
  messages: readonly AlertMessage[];
  /** How many alerts of each level it stands for, and how many messages. */
  alerts: Partial<Record<Level, number>>;
  total: number;
}

/** Many messages as one; depends on nothing but them, so that every attempt says the same. One message stays as it was, but for its key. */
export function digestMessage(
  carriage: Carriage,
  { messages, alerts, total }: DigestContent,
  more: { idempotencyKey: string; link: string | null },
): AlertMessage {
  const [first] = messages;
  if (!first) throw new RangeError('a digest of nothing');
  if (total === 1) return { ...first, idempotencyKey: more.idempotencyKey };
  // An alert that was spoken of several times stands once, with everything that was said of it.
  const told = [...Map.groupBy(messages, (message) => (message.alertId === 0 ? message.idempotencyKey : message.alertId)).values()].flatMap(
    ([message, ...others]) => (message ? { ...message, reason: reasonsOf([message, ...others]) } : []),
  );
  const count = Object.values(alerts).reduce((sum, n) => sum + n, 0);
  const drill = messages.every((message) => message.drill === true);
  const lines = told.slice(0, shownLines).map((message, n) => `${n + 1}. ${levelMark(message)}${message.title}（${message.reason}）`);
  const rest = count > lines.length ? [`……另有 ${count - lines.length} 件，见控制台。`] : [];
  return {
    idempotencyKey: more.idempotencyKey,
    alertId: 0,
    eventId: 0,
    level: first.level,
    title: `${drill ? '【演练】' : ''}【汇总】${count} 件：${countsText(alerts)}`,
    reason: [`${carriageTitles[carriage]}，共 ${count} 件：`, ...lines, ...rest].join('\n'),
    categories: [...new Set(told.flatMap((message) => message.categories))],
    places: [...new Set(told.flatMap((message) => message.places))].slice(0, 20),
    departments: [...new Set(told.flatMap((message) => message.departments))],
    itemCount: total,
    sourceCount: 0,
    firstSeenAt: messages.map((message) => message.firstSeenAt).sort()[0] ?? '',
    evidence: [],
    items: [],
    link: more.link,
    notice: 'digest',
    ...(drill ? { drill } : {}),
    alerts: told.map(({ alertId, eventId, level, confirmedLevel, title, reason, link }) => ({
      ...{ alertId, eventId, level, title, reason, link },
      ...(confirmedLevel === undefined ? {} : { confirmedLevel }),
    })),
  };
}

const saidOfOne = 3;

function reasonsOf(messages: readonly AlertMessage[]): string {
  const reasons = [...new Set(messages.map(({ reason }) => reason))];
  return reasons.length > saidOfOne ? `${reasons.slice(0, saidOfOne).join('；')}……` : reasons.join('；');
}

/** How a message's level stands at the head of its line: 【建议II级】, 【核定II级】, nothing where there is none. */
export function levelMark({ level, confirmedLevel }: Pick<AlertMessage, 'level' | 'confirmedLevel'>): string {
  if (confirmedLevel !== undefined) return `【${levelText(confirmedLevel, true)}】`;
  return level === 'none' ? '' : `【${levelText(level)}】`;
}

/** By what is proposed, whatever was confirmed since. */
function countsText(alerts: DigestContent['alerts']): string {
  const proposed = (['I', 'II', 'III', 'IV'] as const).flatMap((level) => (alerts[level] ? [`${levelStep(level)} ${alerts[level]}`] : []));
  return [proposed.length > 0 ? `建议${proposed.join('，')}` : '', alerts.none ? `其他 ${alerts.none}` : '']
    .filter((part) => part !== '')
    .join('，');
}
