import { minuteOf } from './calendar.ts';
import { type Drift, driftOf, runOfBad, unreadableCodes } from './health-drift.ts';
import { type HourRecord, silenceOf, spanText } from './health-silence.ts';

/** How one check of a source went. */
export interface CheckRecord {
  at: Date;
  /** Null: it answered. */
  fault: string | null;
  /** The server said that nothing changed: nothing was read. */
  unchanged: boolean;
  /** Addresses a list page named; null for kinds without one. */
  links: number | null;
  entries: number;
  /** Entries that were not stored before. */
  fresh: number;
  titled: number;
  dated: number;
  /** Characters of all bodies together. */
  bodyLength: number;
}

/** What is known of a source when its health is judged. */
export interface SourceHistory {
  createdAt: Date;
  /** Between its last check and the next. */
  intervalSeconds: number;
  /** Set when the program stopped watching it by itself. */
  stopped: { at: Date; reason: string } | null;
  lastFault: { message: string } | null;
  certificateExpiresAt: Date | null;
  robotsChangedAt: Date | null;
  /** Oldest first. */
  checks: readonly CheckRecord[];
  /** Hours in which it was looked at, oldest first. */
  hours: readonly HourRecord[];
}

/**
 * Most grave first. `stopped` 410; `failing` no answer; `unreadable` an answer that is no longer what it was; `empty` nothing in
 * it; `untitled`, `undated`, `shrunk` the extraction drifts; `silent` it answers but brings nothing new for longer than it ever
 * does; `certificate` runs out; `robots` changed.
 */
export const conditionKinds = [
  'stopped',
  'failing',
  'unreadable',
  'empty',
  'untitled',
  'shrunk',
  'undated',
  'silent',
  'certificate',
  'robots',
] as const;
export type ConditionKind = (typeof conditionKinds)[number];

export interface Condition {
  kind: ConditionKind;
  since: Date;
  /** One clear sentence for the analyst. */
  sentence: string;
}

/** `drifting`: read, but not as it used to be. `attention`: well, and something is to be looked at in time. */
export type HealthState = 'new' | 'healthy' | 'attention' | 'silent' | 'drifting' | 'failing' | 'stopped';

export interface Health {
  state: HealthState;
  /** Since when; null while nothing is the matter. */
  since: Date | null;
  sentence: string;
  /** All that is the matter, most grave first. */
  conditions: Condition[];
}

/** What each condition is called, and what a person can do about it. */
export const conditionTitles: Record<ConditionKind, { title: string; state: HealthState; advice: string }> = {
  stopped: { title: '已停用', state: 'stopped', advice: '请找到这个栏目的新地址，改好网址后恢复；不再需要的可以移除。' },
  failing: {
    ...{ title: '读取失败', state: 'failing' },
    advice: '请在浏览器里打开网址看看：打得开就试抓一次看原因，打不开就等网站恢复；地址变了就改网址。',
  },
  unreadable: {
    ...{ title: '内容认不出', state: 'drifting' },
    advice: '请打开网址看是否改版，再试抓一次：列表页可填选择器，或换成该网站的订阅、接口。',
  },
  empty: {
    ...{ title: '列表变空', state: 'drifting' },
    advice: '请打开网址看列表还在不在：改版就改选择器或网址，栏目停更就暂停或移除。',
  },
  untitled: { title: '标题缺失', state: 'drifting', advice: '请试抓一次看读到了什么；列表页可填标题的选择器。' },
  shrunk: { title: '正文缩短', state: 'drifting', advice: '请试抓一次，对照原文看正文是否完整；多半是网站改成了摘要。' },
  undated: {
    ...{ title: '日期缺失', state: 'drifting' },
    advice: '请试抓一次；列表页可填日期的选择器。没有日期的信息仍会收下，按采集时间计。',
  },
  silent: { title: '久无新信息', state: 'silent', advice: '请打开网址看是否真的没有更新：停更就暂停，换了栏目就改网址。' },
  certificate: { title: '证书将到期', state: 'attention', advice: '可提醒该网站的管理者更新证书；本系统不用处理。' },
  robots: { title: 'robots.txt 有变化', state: 'attention', advice: '请看一眼该网站的 robots.txt；网站不愿被采集的，请暂停。' },
};

const day = 86_400_000;
const certificateWarningMs = 14 * day;
const robotsNoticeMs = 3 * day;
/** Trying again changes nothing: one answer is enough. */
const lastingCodes = new Set(['robots-disallowed', 'address-private', 'bad-input', 'url-invalid']);

/** What is the matter with a source, if anything. Depends on nothing but its arguments. */
export function assessHealth(history: SourceHistory, now: Date): Health {
  const conditions = conditionsOf(history, now);
  const [first] = conditions;
  if (first) return { state: conditionTitles[first.kind].state, since: first.since, sentence: first.sentence, conditions };
  const answered = history.checks.findLast((check) => check.fault === null);
  if (!answered) return { state: 'new', since: null, sentence: '还没有读取成功过。', conditions };
  return { state: 'healthy', since: null, sentence: `正常，最近一次读取在 ${minuteOf(answered.at)}。`, conditions };
}

function conditionsOf(history: SourceHistory, now: Date): Condition[] {
  const { stopped } = history;
  if (stopped) return [{ kind: 'stopped', since: stopped.at, sentence: `已停止监测：${stopped.reason}` }];
  const unread = failingOf(history);
  const drift = unread
    ? []
    : driftOf(history.checks).map((found) => ({ kind: found.kind, since: found.since, sentence: driftSentence(found) }));
  const lost = unread !== null || drift.some(({ kind }) => kind === 'empty');
  // Silence follows from not being read; saying it as well would say nothing.
  return [unread, ...drift, lost ? null : silent(history, now), certificate(history, now), robots(history, now)].filter(
    (condition) => condition !== null,
  );
}

/** One fault may be a hiccup; the second in a row, which comes within two intervals of the last answer, is not. */
function failingOf({ checks, lastFault }: SourceHistory): Condition | null {
  const run = runOfBad(checks, (check) => check.fault !== null);
  const [first] = run;
  const last = run.at(-1);
  if (!first || !last || (run.length < 2 && !lastingCodes.has(last.fault ?? ''))) return null;
  const since = first.at;
  const why = lastFault?.message ?? last.fault ?? '';
  if (unreadableCodes.has(last.fault ?? '')) {
    return { kind: 'unreadable', since, sentence: `自 ${minuteOf(since)} 起能打开但内容认不出，可能已改版：${why}` };
  }
  return { kind: 'failing', since, sentence: `自 ${minuteOf(since)} 起读取失败，已连续 ${run.length} 次：${why}` };
}

function driftSentence({ kind, since, usual, now }: Drift): string {
  const from = `自 ${minuteOf(since)} 起`;
  if (kind === 'empty') return `${from}列表变空：往常有 ${usual} 条，现在 ${now} 条，可能已改版或停更。`;
  if (kind === 'untitled') return `${from}读到的信息大多没有标题（往常 ${percent(usual)} 有，现在 ${percent(now)}），可能已改版。`;
  if (kind === 'undated') return `${from}读到的信息大多没有发布日期（往常 ${percent(usual)} 有，现在 ${percent(now)}），可能已改版。`;
  return `${from}正文明显变短（往常约 ${usual} 字，现在约 ${now} 字），可能已改版。`;
}

function silent({ hours, intervalSeconds }: SourceHistory, now: Date): Condition | null {
  const silence = silenceOf(hours, intervalSeconds, now);
  if (!silence) return null;
  const { since, usualMs } = silence;
  const sentence = `自 ${minuteOf(since)} 起没有新信息，已 ${spanText(now.getTime() - since.getTime())}；网站能打开，往常最多隔 ${spanText(usualMs)}就有。`;
  return { kind: 'silent', since, sentence };
}

function certificate({ certificateExpiresAt: expires }: SourceHistory, now: Date): Condition | null {
  if (expires === null || expires.getTime() - now.getTime() > certificateWarningMs) return null;
  const since = new Date(expires.getTime() - certificateWarningMs);
  const when = expires <= now ? `已于 ${minuteOf(expires)} 到期` : `将于 ${minuteOf(expires)} 到期`;
  return { kind: 'certificate', since, sentence: `网站证书${when}，到期后将读不到，可提醒该网站更新。` };
}

function robots({ robotsChangedAt: changed }: SourceHistory, now: Date): Condition | null {
  if (changed === null || now.getTime() - changed.getTime() > robotsNoticeMs) return null;
  return {
    kind: 'robots',
    since: changed,
    sentence: `网站的 robots.txt 于 ${minuteOf(changed)} 有变化，目前仍允许采集，请核对网站的意愿。`,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
