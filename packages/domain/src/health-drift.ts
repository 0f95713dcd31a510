import type { CheckRecord } from './health.ts';

export interface Drift {
  kind: 'empty' | 'untitled' | 'undated' | 'shrunk';
  since: Date;
  /** A number, a share or characters per entry: what it used to be, and what it is. */
  usual: number;
  now: number;
}

/** It answers, and we cannot read it: what a redesign looks like. */
export const unreadableCodes: ReadonlySet<string> = new Set(['not-a-feed', 'not-a-list', 'parse-limit', 'charset-unknown']);

/** Entries a judgement on their titles, dates and bodies needs, unless two checks say the same. */
const enough = 3;
/** Checks before the change that say what is usual. */
const usualChecks = 5;

/** What a source's own history says has changed in what is read from it. */
export function driftOf(checks: readonly CheckRecord[]): Drift[] {
  const read = checks.filter((check) => check.fault === null && !check.unchanged);
  const found = [
    emptied(read),
    changed('untitled', read, (c) => c.titled / c.entries, { usualAtLeast: 0.8, badBelow: 0.3 }),
    changed('undated', read, (c) => c.dated / c.entries, { usualAtLeast: 0.8, badBelow: 0.2 }),
    changed('shrunk', read, (c) => c.bodyLength / c.entries, { usualAtLeast: 80, badBelow: 0.25, relative: true }),
  ];
  return found.filter((drift) => drift !== null);
}

/** The newest checks, as far back as each of them is bad; oldest first. */
export function runOfBad(checks: readonly CheckRecord[], bad: (check: CheckRecord) => boolean): CheckRecord[] {
  const lastGood = checks.findLastIndex((check) => !bad(check));
  return checks.slice(lastGood + 1);
}

/**
 * A list page is judged by the addresses it names, anything else by its entries. A source that has never been empty in
 * ten checks needs to be so once, another twice.
 */
function emptied(read: readonly CheckRecord[]): Drift | null {
  const size = (check: CheckRecord) => check.links ?? check.entries;
  const full = median(read.filter((check) => size(check) > 0).map(size));
  if (full < 2) return null;
  const run = runOfBad(read, (check) => size(check) <= full / 10);
  const before = read.slice(0, read.length - run.length);
  const [first] = run;
  const last = run.at(-1);
  if (!first || !last || before.length < usualChecks) return null;
  const usual = median(before.map(size));
  const never = before.length >= 10 && before.every((check) => size(check) > usual / 10);
  if (usual < 2 || run.length < (never ? 1 : 2)) return null;
  return { kind: 'empty', since: first.at, usual: Math.round(usual), now: size(last) };
}

function changed(
  kind: 'untitled' | 'undated' | 'shrunk',
  read: readonly CheckRecord[],
  measure: (check: CheckRecord) => number,
  { usualAtLeast, badBelow, relative = false }: { usualAtLeast: number; badBelow: number; relative?: boolean },
): Drift | null {
  const telling = read.filter((check) => check.entries > 0);
  // High enough that the bad checks themselves, while they are not yet most of what is kept, do not become the measure.
  const usual = quantile(telling.map(measure), 0.8);
  if (!(usual >= usualAtLeast)) return null;
  const bad = (check: CheckRecord) => measure(check) < (relative ? usual * badBelow : badBelow);
  const run = runOfBad(telling, bad);
  const before = telling.slice(0, telling.length - run.length);
  const [first] = run;
  if (!first || (before.length < usualChecks && sum(before, (c) => c.entries) < 20)) return null;
  // A source of which every other check looks like this has always been so.
  if (before.filter(bad).length > before.length / 10) return null;
  if (run.length < 2 && sum(run, (c) => c.entries) < enough) return null;
  // Now as a whole, not by the last check alone, which may have had one entry.
  const now = sum(run, (c) => measure(c) * c.entries) / sum(run, (c) => c.entries);
  const was = median(before.map(measure));
  return relative ? { kind, since: first.at, usual: Math.round(was), now: Math.round(now) } : { kind, since: first.at, usual: was, now };
}

function sum(checks: readonly CheckRecord[], value: (check: CheckRecord) => number): number {
  return checks.reduce((total, check) => total + value(check), 0);
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * q)] ?? 0;
}
