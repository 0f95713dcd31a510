/** When a source should have brought something: learned from its own hours, and measured in what was to be expected. */

/** One hour in which a source was looked at. */
export interface HourRecord {
  /** Its beginning. */
  hour: Date;
  /** Checks that were answered. */
  answered: number;
  /** Items that were new. */
  fresh: number;
  /** When in this hour the last of them came. */
  freshAt: Date | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const shanghaiMs = 8 * hourMs;
/** Days of watching from which on hours of the day, and then week-ends, are told apart. */
const daysForHours = 3;
const daysForWeekends = 21;
/** News needed before anything is expected. */
const fewestArrivals = 5;
/** Of its usual longest gap. */
const silentAfter = 2;

/** Expected arrivals per hour, hour by hour. An arrival is an hour that brought something, however much. */
export interface Expectation {
  /** Expected arrivals in this span, hours that nobody watched left out. */
  between(from: Date, to: Date): number;
  /** In hours not watched as well. */
  inAll(from: Date, to: Date): number;
  /** Times at which something came, oldest first. */
  arrivals: readonly Date[];
}

/**
 * Learns what to expect. Null before there has been news enough. Hours in which the program did not look (an hour is watched
 * when it or one within two intervals after it has an answered check) are neither counted nor expected.
 */
export function expectationOf(hours: readonly HourRecord[], intervalSeconds: number): Expectation | null {
  const arrivals = hours.flatMap(({ fresh, freshAt }) => (fresh > 0 && freshAt !== null ? [freshAt] : []));
  const [first] = hours;
  if (!first || arrivals.length < fewestArrivals) return null;
  const watched = watchedHours(hours, intervalSeconds);
  const news = new Set(hours.filter(({ fresh }) => fresh > 0).map(({ hour }) => hour.getTime()));
  const slot = slotsFor(watched.size / 24);
  const seen = new Map<number, { hours: number; news: number }>();
  for (const hour of watched) {
    const at = seen.get(slot(hour)) ?? { hours: 0, news: 0 };
    at.hours += 1;
    if (news.has(hour)) at.news += 1;
    seen.set(slot(hour), at);
  }
  const mean = news.size / Math.max(1, watched.size);
  const rate = (hour: number) => {
    const { hours: n, news: k } = seen.get(slot(hour)) ?? { hours: 0, news: 0 };
    // Half an observation of the average, so that no hour is believed to be certain to bring nothing.
    return (k + mean / 2) / (n + 0.5);
  };
  const horizon = Math.max(...watched);
  return {
    arrivals,
    between: (from, to) => integrate(from, to, (hour) => (watched.has(hour) || hour > horizon ? rate(hour) : 0)),
    inAll: (from, to) => integrate(from, to, rate),
  };
}

/**
 * Silent: for twice its longest usual gap nothing came, a gap being measured in arrivals to be expected in it, so that nights,
 * week-ends and times when the program itself was off make none. The longest gap but one stands for what is usual: one earlier
 * outage must not become the measure. Null while nothing is to be said.
 */
export function silenceOf(hours: readonly HourRecord[], intervalSeconds: number, now: Date): { since: Date; usualMs: number } | null {
  const expectation = expectationOf(hours, intervalSeconds);
  const last = expectation?.arrivals.at(-1);
  if (!expectation || !last) return null;
  const { arrivals, between } = expectation;
  const gaps = arrivals.slice(1).map((to, n) => {
    const from = arrivals[n] ?? to;
    return { expected: between(from, to), ms: to.getTime() - from.getTime() };
  });
  gaps.sort((a, b) => b.expected - a.expected);
  const usual = gaps[gaps.length >= 8 ? 1 : 0];
  if (!usual || between(last, now) < silentAfter * Math.max(usual.expected, leastGap)) return null;
  return { since: last, usualMs: usual.ms };
}

/** Below one arrival to be expected a gap says nothing about the next. */
const leastGap = 0.95;

/** A duration as people say it: `40 分钟`, `5 小时`, `3 天`. */
export function spanText(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 90) return `${minutes} 分钟`;
  const wholeHours = Math.round(minutes / 60);
  return wholeHours < 48 ? `${wholeHours} 小时` : `${Math.round(wholeHours / 24)} 天`;
}

/** Beginnings of the hours up to the last answered check that an answered check covers, in epoch milliseconds. */
export function watchedHours(hours: readonly HourRecord[], intervalSeconds: number): Set<number> {
  const reach = Math.ceil(Math.max(1, (2 * intervalSeconds) / 3_600));
  const watched = new Set<number>();
  const [first] = hours;
  if (!first) return watched;
  const begin = first.hour.getTime();
  for (const { hour, answered } of hours) {
    if (answered === 0) continue;
    const at = hour.getTime();
    for (let back = 0; back <= reach; back += 1) {
      const covered = at - back * hourMs;
      if (covered < begin) break;
      watched.add(covered);
    }
  }
  return watched;
}

export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / hourMs) * hourMs);
}

function slotsFor(days: number): (hour: number) => number {
  const hourOfDay = (hour: number) => Math.floor((hour + shanghaiMs) / hourMs) % 24;
  // 1 January 1970 was a Thursday: days 2 and 3 of each seven are the week-end.
  const isWeekend = (hour: number) => [2, 3].includes(Math.floor((hour + shanghaiMs) / dayMs) % 7);
  if (days < daysForHours) return () => 0;
  if (days < daysForWeekends) return hourOfDay;
  return (hour) => hourOfDay(hour) + (isWeekend(hour) ? 24 : 0);
}

/** Hour by hour, parts of an hour in proportion. */
function integrate(from: Date, to: Date, rate: (hour: number) => number): number {
  let total = 0;
  const end = to.getTime();
  for (let at = from.getTime(); at < end; ) {
    const hour = Math.floor(at / hourMs) * hourMs;
    const next = Math.min(end, hour + hourMs);
    total += (rate(hour) * (next - at)) / hourMs;
    at = next;
  }
  return total;
}
