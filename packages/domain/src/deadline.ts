import type { CategoryId } from './category.ts';
import type { Level } from './level.ts';

/** The clocks of a case. */
export const deadlineTitles = {
  acknowledge: '签收',
  verify: '核实',
  'first-information': '首次权威信息',
  'press-conference': '新闻发布会',
  response: '回应',
  'cyber-report': '网络安全事件报告',
} as const;
export type DeadlineKind = keyof typeof deadlineTitles;
export const deadlineKinds = Object.keys(deadlineTitles) as DeadlineKind[];

/** Minutes that a clock may be set to; a warning may also come at the end itself. */
export const deadlineMinutes = { min: 1, max: 100_000 } as const;

/** Clocks that no step of the case stops by itself: a person records that it was done, or that it does not apply and why. */
export const recordedDeadlines = ['first-information', 'press-conference', 'cyber-report'] as const satisfies DeadlineKind[];
export type RecordedDeadline = (typeof recordedDeadlines)[number];

export interface DeadlineRule {
  kind: DeadlineKind;
  /** Minutes allowed from the moment the case reached the level; a level without a number has no such clock. */
  minutes: Partial<Record<Level, number>>;
  /** Only cases of one of these; empty or left out: all. */
  categories?: CategoryId[];
  /** Minutes before the end when people are warned. */
  warnMinutes: number;
  /** Where it comes from. */
  basis: string;
}

/** What a case's clocks are computed from: its own rows. Order within the lists does not matter. */
export interface CaseHistory {
  /** When it was opened and when its level rose. */
  levels: readonly { at: Date; level: Level }[];
  categories: readonly CategoryId[];
  steps: readonly CaseStep[];
  /** While a clock stands still; an end that lies ahead is when it goes on by itself. */
  pauses: readonly { from: Date; to: Date }[];
}

export interface CaseStep {
  at: Date;
  kind: 'acknowledged' | 'verified' | 'assigned' | 'answered' | 'closed' | 'met' | 'waived';
  /** Of `met` and `waived`. */
  deadline?: DeadlineKind;
}

export type DeadlineState = 'running' | 'warning' | 'overdue' | 'paused' | 'met' | 'late' | 'waived';

export interface Deadline {
  kind: DeadlineKind;
  basis: string;
  startedAt: Date;
  warnAt: Date;
  dueAt: Date;
  /** When it was stopped, by what was asked for or by a waiver. */
  endedAt: Date | null;
  /** `late`: done, but after its time. */
  state: DeadlineState;
}

/**
 * The clocks of a case as they stand at `now`, in the order of the rules. A rise of the level can only bring an end nearer, and
 * starts a clock of its own at the moment of the rise. Everything is an instant, so midnight, month ends and leap days are no
 * cases of their own, and a clock of the machine that jumps changes what is due, never what is written.
 */
export function deadlinesOf(history: CaseHistory, rules: readonly DeadlineRule[], now: Date): Deadline[] {
  return rules.flatMap((rule) => deadlineOf(history, rule, now) ?? []);
}

function deadlineOf(history: CaseHistory, rule: DeadlineRule, now: Date): Deadline | null {
  if (rule.categories?.length && !rule.categories.some((category) => history.categories.includes(category))) return null;
  const started = history.levels.flatMap(({ at, level }) => {
    const minutes = rule.minutes[level];
    return minutes === undefined ? [] : [{ at, dueAt: after(at, minutes, history.pauses) }];
  });
  const [first, ...others] = started;
  if (!first) return null;
  const nearest = others.reduce((a, b) => (b.dueAt < a.dueAt ? b : a), first);
  const warnAt = new Date(Math.max(nearest.at.getTime(), nearest.dueAt.getTime() - rule.warnMinutes * minuteMs));
  const end = endOf(history, rule.kind);
  const endedAt = end?.at ?? null;
  const base = { kind: rule.kind, basis: rule.basis, startedAt: nearest.at, warnAt, dueAt: nearest.dueAt, endedAt };
  if (end) return { ...base, state: end.waived ? 'waived' : end.at > nearest.dueAt ? 'late' : 'met' };
  if (history.pauses.some(({ from, to }) => from <= now && now < to)) return { ...base, state: 'paused' };
  return { ...base, state: now >= nearest.dueAt ? 'overdue' : now >= warnAt ? 'warning' : 'running' };
}

/** The clock that ends next, of those that run; null when none does. */
export function nextDeadline(deadlines: readonly Deadline[]): Deadline | null {
  const running = deadlines.filter(isRunning);
  return running.reduce<Deadline | null>((a, b) => (a === null || b.dueAt < a.dueAt ? b : a), null);
}

export function isRunning({ state }: Pick<Deadline, 'state'>): boolean {
  return state === 'running' || state === 'warning' || state === 'overdue';
}

const minuteMs = 60_000;

/** `minutes` of running time after a start: time in a pause does not count. */
function after(start: Date, minutes: number, pauses: CaseHistory['pauses']): Date {
  let at = start.getTime();
  let left = minutes * minuteMs;
  for (const { from, to } of pauses.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    // What ended before, or was part of an earlier pause, takes nothing away.
    if (to.getTime() <= at) continue;
    const run = Math.max(0, from.getTime() - at);
    if (run >= left) break;
    left -= run;
    at = to.getTime();
  }
  return new Date(at + left);
}

const order = ['acknowledged', 'verified', 'assigned', 'answered', 'closed'] as const;
const stops: Partial<Record<DeadlineKind, (typeof order)[number]>> = {
  acknowledge: 'acknowledged',
  verify: 'verified',
  response: 'answered',
};

/** The first step that stops this clock: what it asks for or anything beyond, a record of it, a waiver. */
function endOf({ steps }: CaseHistory, kind: DeadlineKind): { at: Date; waived: boolean } | null {
  const from = stops[kind];
  const ends = steps.filter((step) => {
    if (step.kind === 'met' || step.kind === 'waived') return step.deadline === kind;
    if (step.kind === 'closed') return true;
    return from !== undefined && order.indexOf(step.kind) >= order.indexOf(from);
  });
  const [first, ...others] = ends;
  if (!first) return null;
  const earliest = others.reduce((a, b) => (b.at < a.at ? b : a), first);
  // A case that is closed while a clock that nobody met still runs has simply ended: it is neither met nor late.
  const recorded: readonly DeadlineKind[] = recordedDeadlines;
  return { at: earliest.at, waived: earliest.kind === 'waived' || (earliest.kind === 'closed' && recorded.includes(kind)) };
}
