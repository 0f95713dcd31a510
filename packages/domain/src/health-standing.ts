import { minuteOf } from './calendar.ts';
import type { ErrorCode } from './error.ts';
import { type ConditionKind, conditionTitles, type HealthState } from './health.ts';

/** How a source stands in a list: its health, or that a person paused it. Those that need somebody come first. */
export const standingStates = ['stopped', 'failing', 'drifting', 'silent', 'attention', 'new', 'healthy', 'paused'] as const;
export type StandingState = (typeof standingStates)[number];

export const standingTitles: Record<StandingState, string> = {
  stopped: '已停用',
  failing: '读取失败',
  drifting: '内容异常',
  silent: '久无新信息',
  attention: '需留意',
  new: '待首次读取',
  healthy: '正常',
  paused: '已暂停',
} satisfies Record<HealthState | 'paused', string>;

/** What to do where trying again changes nothing, or where the cause says more than that it fails. */
const adviceOfFault: Partial<Record<ErrorCode, string>> = {
  'robots-disallowed': '网站不愿这一页被采集：请暂停，或换成它允许的栏目、订阅。',
  'address-private': '网址确在内网的，请编辑并勾选“准许访问”；否则请核对网址。',
  'bad-input': '请编辑，按说明改正选项。',
  'url-invalid': '请编辑，改正网址。',
  'dns-failed': '请核对网址里的域名；本机断网时各信息源会一起失败。',
  'tls-failed': '多半是网站的证书有问题，可提醒对方；网站也开着 http:// 的可改用。',
  'body-too-large': '这一页太大，请换成栏目页、订阅或接口。',
};

/** What to do about a condition, given why the last check failed. */
export function adviceOf(kind: ConditionKind, faultCode: string | null): string {
  const own = kind === 'failing' && faultCode !== null ? (adviceOfFault as Record<string, string | undefined>)[faultCode] : undefined;
  return own ?? conditionTitles[kind].advice;
}

export interface Standing {
  state: StandingState;
  /** Of the gravest condition where there is one: `列表变空` says more than `内容异常`. */
  title: string;
  since: Date | null;
  sentence: string;
  /** What to do about it; null while nothing is to be done. */
  advice: string | null;
}

/** What a list knows of a source. */
export interface StandingFacts {
  /** Others bring its items: nobody fetches it. */
  brought: boolean;
  paused: boolean;
  /** Why the program itself stopped; null when a person paused it. */
  pauseReason: string | null;
  failingSince: Date | null;
  failures: number;
  faultCode: string | null;
  faultMessage: string | null;
  lastSuccessAt: Date | null;
  /** Most grave first. */
  conditions: readonly { kind: ConditionKind; since: Date; sentence: string }[];
}

/** One clear sentence about a source. Its conditions speak first; what they do not cover (a first fault) is said from the last check. */
export function standingOf(facts: StandingFacts): Standing {
  const { brought, paused, pauseReason, failingSince, lastSuccessAt } = facts;
  const [matter] = facts.conditions;
  if (matter) {
    const { title, state } = conditionTitles[matter.kind];
    return { state, title, since: matter.since, sentence: matter.sentence, advice: adviceOf(matter.kind, facts.faultCode) };
  }
  if (brought) {
    return lastSuccessAt === null
      ? plain('new', '还没有收到过。')
      : plain('healthy', `由他处送来，最近一次收到在 ${minuteOf(lastSuccessAt)}。`);
  }
  if (paused && pauseReason !== null) {
    return { ...plain('stopped', `已停止监测：${pauseReason}`), advice: conditionTitles.stopped.advice };
  }
  if (paused) return plain('paused', '已由人暂停，不采集。');
  if (failingSince !== null) {
    const sentence = `自 ${minuteOf(failingSince)} 起读取失败，已连续 ${facts.failures} 次：${facts.faultMessage ?? ''}`;
    return { ...plain('failing', sentence), since: failingSince, advice: '稍后会自动再试；连续失败才需要处理。' };
  }
  if (lastSuccessAt === null) return plain('new', '还没有读取过，稍后自动开始。');
  return plain('healthy', `正常，最近一次读取在 ${minuteOf(lastSuccessAt)}。`);
}

function plain(state: StandingState, sentence: string): Standing {
  return { state, title: standingTitles[state], since: null, sentence, advice: null };
}
