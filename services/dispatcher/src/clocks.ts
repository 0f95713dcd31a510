import {
  addEntries,
  addNotifications,
  claimDueCases,
  type Db,
  type DueCase,
  emptyStory,
  loadClocks,
  loadStories,
  type NewEntry,
  type NewNotification,
  type Story,
  saveClockActs,
} from '@guanlan/database';
import {
  type AlertPolicy,
  type DayKind,
  type Deadline,
  deadlinesOf,
  deadlineTitles,
  type EscalationStep,
  escalationTitles,
  findRoute,
  holdOf,
  isRunning,
  minuteOf,
  spanText,
} from '@guanlan/domain';
import type { People } from './candidate.ts';
import { messageOf } from './message.ts';
import { loadPeople } from './people.ts';
import { defaultTargets, followers, onDuty, type Target, targetsOf } from './target.ts';

/** Cases of one transaction. */
const batch = 100;

export interface ClockOptions {
  now: Date;
  publicUrl: string | null;
  /** For cases that were opened before there was one. */
  policy: AlertPolicy;
  dayKind: (at: Date) => DayKind;
}

/**
 * Looks at the cases whose clocks ask for something: warns before an end, and escalates after it, each step once for each
 * clock of each case, however often and by however many it is looked at. What came due while nobody looked is not warned of any more, but
 * escalated. Returns how many messages were written.
 */
export async function checkClocks(db: Db, options: ClockOptions): Promise<number> {
  let written = 0;
  for (;;) {
    const looked = await db.transaction().execute(async (tx) => {
      const cases = await claimDueCases(tx, { now: options.now, limit: batch });
      if (cases.length > 0) written += await checkBatch(tx, cases, options);
      return cases.length;
    });
    if (looked < batch) return written;
  }
}

async function checkBatch(tx: Db, cases: readonly DueCase[], options: ClockOptions): Promise<number> {
  const { now, dayKind } = options;
  const clocks = await loadClocks(
    tx,
    cases.map(({ id }) => id),
  );
  const stories = await loadStories(
    tx,
    cases.map(({ eventId }) => eventId),
    { items: 3 },
  );
  const people = await loadPeople(tx, { now, dayKind });
  const acts: { alertId: number; deadline: string; step: string }[] = [];
  const entries: NewEntry[] = [];
  const notifications: NewNotification[] = [];
  const next: { alertId: number; at: Date | null }[] = [];
  for (const due of cases) {
    const clock = clocks.get(due.id);
    if (!clock) continue;
    const story = stories.get(due.eventId) ?? emptyStory;
    const policy = clock.policy ?? options.policy;
    const deadlines = deadlinesOf({ ...clock.history, categories: story.categories }, policy.deadlines, now);
    const looked = lookAt(due, deadlines, policy.escalation, now);
    acts.push(...looked.acts.map(({ deadline, step }) => ({ alertId: due.id, deadline: deadline.kind, step: step.name })));
    for (const act of looked.acts.filter(({ silent }) => !silent)) {
      const told = tell(due, act, { story, people, options });
      entries.push(told.entry);
      notifications.push(...told.notifications);
    }
    const resumes = clock.history.pauses.find(({ from, to }) => from <= now && now < to)?.to;
    const times = [...looked.later, ...(resumes ? [resumes] : [])].map((at) => at.getTime());
    next.push({ alertId: due.id, at: times.length === 0 ? null : new Date(Math.min(...times)) });
  }
  await saveClockActs(tx, { acts, next, now });
  await addEntries(tx, entries, now);
  return addNotifications(tx, notifications, now);
}

interface ClockStep {
  name: string;
  at: Date;
  to: 'duty' | EscalationStep['to'];
}

interface ClockAct {
  deadline: Deadline;
  step: ClockStep;
  /** Noted as done without a word: its time has passed and something graver is said. */
  silent: boolean;
}

/** What the clocks of a case ask for now, and the moments at which they will ask for more. */
export function lookAt(
  { done }: Pick<DueCase, 'done'>,
  deadlines: readonly Deadline[],
  escalation: readonly EscalationStep[],
  now: Date,
): { acts: ClockAct[]; later: Date[] } {
  const open = deadlines.filter(isRunning).flatMap((deadline) => {
    const steps: ClockStep[] = [
      { name: 'warn', at: deadline.warnAt, to: 'duty' },
      ...escalation.map(({ afterMinutes, to }, n) => ({
        ...{ name: `overdue-${n + 1}`, to },
        at: new Date(deadline.dueAt.getTime() + afterMinutes * 60_000),
      })),
    ];
    return steps.filter((step) => !done.includes(`${deadline.kind} ${step.name}`)).map((step) => ({ deadline, step }));
  });
  return {
    acts: open.filter(({ step }) => step.at <= now).map((act) => ({ ...act, silent: act.step.to === 'duty' && now >= act.deadline.dueAt })),
    later: open.filter(({ step }) => step.at > now).map(({ step }) => step.at),
  };
}

function tell(
  due: DueCase,
  { deadline, step }: ClockAct,
  { story, people, options }: { story: Story; people: People; options: ClockOptions },
): { entry: NewEntry; notifications: NewNotification[] } {
  const { now, publicUrl, dayKind } = options;
  const wanted = step.to === 'duty' ? onDuty(people, now) : followers(people, now, step.to);
  const found = targetsOf(people, { channelIds: [], receiverIds: wanted });
  const targets = found.length > 0 ? found : defaultTargets(people);
  const reason = reasonOf(deadline, step, found, now);
  const route = findRoute(people.routes, {
    ...{ rank: due.rank, categories: story.categories, places: story.places, groups: [], at: now, dayKind: dayKind(now) },
  });
  const hold = route === null ? null : holdOf({ quiet: route.quiet, digest: null }, due.rank, now);
  const told = targets.map(({ channel }) => channel.name);
  return {
    entry: {
      alertId: due.id,
      kind: step.to === 'duty' ? 'warned' : 'overdue',
      note: told.length === 0 ? `${reason}。没有可通知的渠道` : reason,
      data: { deadline: deadline.kind, step: step.name },
    },
    notifications: targets.map(({ channel, receiver, fallbackIds }) => {
      const idempotencyKey = `alert-${due.id}-${channel.id}-clock-${deadline.kind}-${step.name}`;
      const message = messageOf({ ...due, alertId: due.id, story }, { idempotencyKey, reason, publicUrl });
      return {
        ...{ alertId: due.id, channelId: channel.id, idempotencyKey, rank: due.rank, reason: message.reason, message },
        ...{ receiver, fallbackIds, hold: hold?.kind ?? null, dueAt: hold?.until ?? now },
      };
    }),
  };
}

function reasonOf(deadline: Deadline, step: ClockStep, found: readonly Target[], now: Date): string {
  const what = `“${deadlineTitles[deadline.kind]}”时限（${minuteOf(deadline.dueAt)}）`;
  if (step.to === 'duty') return `${what}还剩 ${spanText(Math.max(60_000, deadline.dueAt.getTime() - now.getTime()))}，请尽快办理`;
  const names = found.flatMap(({ receiver }) => receiver ?? []).join('、');
  const to = names === '' ? '值班表中没有可升级的人，通知默认渠道' : `升级至${escalationTitles[step.to]}${names}`;
  const late = now.getTime() - deadline.dueAt.getTime();
  return `${what}已过${late < 60_000 ? '' : ` ${spanText(late)}`}，${to}`;
}
