import {
  type AlertPolicy,
  type DeadlineKind,
  type DeadlineRule,
  deadlineKinds,
  deadlineMinutes,
  deadlineTitles,
  escalationTitles,
  type Level,
  levelInfo,
} from '@guanlan/domain';

export type ClockLevel = Exclude<Level, 'none'>;
export const clockLevels: ClockLevel[] = ['I', 'II', 'III', 'IV'];

/** The rules of clocks as they are typed; an empty limit is no clock at that level. */
export interface PolicyFields {
  clocks: { kind: DeadlineKind; limits: Record<ClockLevel, string>; warn: string; basis: string }[];
  /** Of each step of the escalation, how long after the end. */
  after: string[];
  note: string;
}

/** What is wrong, in one sentence, and the label of the field that it is about. */
export interface PolicyFault {
  field: string;
  words: string;
}

/** `5 分钟`, `4 小时`, `1 小时 30 分钟`; exact, and read back by {@link minutesOf}. */
export function minutesText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? `${hours} 小时` : '', rest > 0 || hours === 0 ? `${rest} 分钟` : ''].filter((part) => part !== '').join(' ');
}

/** Minutes of a length of time as people write it: `30`, `30分`, `5 小时`, `1.5小时`, `2天`, `1小时30分`. Null where it cannot be read. */
export function minutesOf(text: string): number | null {
  const written = text.normalize('NFKC').replace(/\s+/gu, '').toLowerCase();
  const match = /^(?:(\d+(?:\.\d+)?)[天日d])?(?:(\d+(?:\.\d+)?)(?:个?小时|时|h))?(?:(\d+)(?:分钟?|min|m)?)?$/u.exec(written);
  if (written === '' || !match) return null;
  const [days = 0, hours = 0, minutes = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return Math.round(days * 1_440 + hours * 60 + minutes);
}

export function fieldName(kind: DeadlineKind, level: ClockLevel): string {
  return `${deadlineTitles[kind]}，${levelInfo[level].title}`;
}
export const warnName = (kind: DeadlineKind) => `${deadlineTitles[kind]}，提前提醒`;
export const basisName = (kind: DeadlineKind) => `${deadlineTitles[kind]}，依据`;
export const afterName = ({ escalation }: Pick<AlertPolicy, 'escalation'>, step: number) =>
  `超时升级第 ${step + 1} 步，通知${escalation[step] ? escalationTitles[escalation[step].to] : ''}`;
export const noteName = '改了什么、为什么';

/** Every kind of clock, the ones that a policy has no rule for with empty limits. */
export function fieldsOf(policy: AlertPolicy): PolicyFields {
  return {
    clocks: deadlineKinds.map((kind) => {
      const rule = ruleOf(policy, kind);
      const limit = (level: ClockLevel) => (rule?.minutes[level] === undefined ? '' : minutesText(rule.minutes[level]));
      const limits = { I: limit('I'), II: limit('II'), III: limit('III'), IV: limit('IV') };
      return { kind, limits, warn: minutesText(rule?.warnMinutes ?? 0), basis: rule?.basis ?? '' };
    }),
    after: policy.escalation.map(({ afterMinutes }) => minutesText(afterMinutes)),
    note: '',
  };
}

export function ruleOf({ deadlines }: Pick<AlertPolicy, 'deadlines'>, kind: DeadlineKind): DeadlineRule | undefined {
  return deadlines.find((rule) => rule.kind === kind);
}

/** The policy that the fields make of the one they were made from, or the first thing that is wrong with them. */
export function policyOf(
  fields: PolicyFields,
  { from, shipped, version }: { from: AlertPolicy; shipped: AlertPolicy; version: string },
): AlertPolicy | PolicyFault {
  const deadlines: DeadlineRule[] = [];
  for (const clock of fields.clocks) {
    const rule = clockOf(clock, (ruleOf(from, clock.kind) ?? ruleOf(shipped, clock.kind))?.categories);
    if ('words' in rule) return rule;
    if (Object.keys(rule.minutes).length > 0 || ruleOf(from, clock.kind)) deadlines.push(rule);
  }
  const escalation: AlertPolicy['escalation'] = [];
  for (const [n, step] of from.escalation.entries()) {
    const name = afterName(from, n);
    const afterMinutes = readMinutes(name, fields.after[n] ?? '', { min: 0, max: 10_080 });
    if (typeof afterMinutes !== 'number') return afterMinutes;
    if (afterMinutes < (escalation.at(-1)?.afterMinutes ?? 0)) return { field: name, words: `“${name}”不能早于前一步，请改长。` };
    escalation.push({ ...step, afterMinutes });
  }
  if (fields.note.trim().length < 2) return { field: noteName, words: `请写一句“${noteName}”，以后查版本时看得懂。` };
  return { ...from, version, deadlines, escalation };
}

function clockOf(
  { kind, limits, warn, basis }: PolicyFields['clocks'][number],
  categories: DeadlineRule['categories'],
): DeadlineRule | PolicyFault {
  const minutes: DeadlineRule['minutes'] = {};
  for (const level of clockLevels) {
    if (limits[level].trim() === '') continue;
    const read = readMinutes(fieldName(kind, level), limits[level], deadlineMinutes, '，不设就留空');
    if (typeof read !== 'number') return read;
    minutes[level] = read;
  }
  const set = Object.values(minutes);
  const warnMinutes = readMinutes(warnName(kind), warn, { ...deadlineMinutes, min: 0 });
  if (typeof warnMinutes !== 'number') return warnMinutes;
  const shortest = Math.min(...set);
  if (set.length > 0 && warnMinutes >= shortest)
    return { field: warnName(kind), words: `“${warnName(kind)}”要短于这项最短的时限（${minutesText(shortest)}），请改短。` };
  if (set.length > 0 && basis.trim().length < 2)
    return { field: basisName(kind), words: `请写明“${basisName(kind)}”：文件名称，或“本单位规定”。` };
  return { kind, minutes, ...(categories ? { categories } : {}), warnMinutes, basis: basis.trim() };
}

function readMinutes(field: string, typed: string, { min, max }: { min: number; max: number }, or = ''): number | PolicyFault {
  const read = minutesOf(typed);
  if (read === null) return { field, words: `“${field}”写的是“${typed}”，看不懂；请写成“30 分钟”或“5 小时”这样${or}。` };
  if (read < min || read > max) return { field, words: `“${field}”是 ${read} 分钟，请填 ${min} 到 ${max} 分钟之间的时间${or}。` };
  return read;
}

/** What one revision changed of the clocks and the escalation of another, a line each. */
export function changesOf(before: AlertPolicy, after: AlertPolicy): string[] {
  const limit = (minutes: number | undefined) => (minutes === undefined ? '不设' : minutesText(minutes));
  const moved = (name: string, was: number | undefined, is: number | undefined) =>
    was === is ? [] : [`${name}：${limit(was)} → ${limit(is)}`];
  const clocks = deadlineKinds.flatMap((kind) => {
    const [was, is] = [ruleOf(before, kind), ruleOf(after, kind)];
    return [
      ...clockLevels.flatMap((level) => moved(fieldName(kind, level), was?.minutes[level], is?.minutes[level])),
      ...moved(warnName(kind), was?.warnMinutes, is?.warnMinutes),
      ...(was && is && was.basis !== is.basis ? [`${basisName(kind)}：${was.basis} → ${is.basis}`] : []),
    ];
  });
  const steps = Math.max(before.escalation.length, after.escalation.length);
  const escalation = Array.from({ length: steps }, (_, n) =>
    moved(
      afterName(n < after.escalation.length ? after : before, n),
      before.escalation[n]?.afterMinutes,
      after.escalation[n]?.afterMinutes,
    ),
  );
  return [...clocks, ...escalation.flat()];
}
