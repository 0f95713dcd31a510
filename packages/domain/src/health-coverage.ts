import type { Span } from './calendar.ts';
import { expectationOf, type HourRecord, watchedHours } from './health-silence.ts';

/** Arrivals that were to be expected in a span, and those of them that would have been seen. */
export interface Coverage {
  expected: number;
  watched: number;
}

const hourMs = 3_600_000;
/** A source that has not told yet how much it brings counts as one that brings something once a day. */
const unknownRate = 1 / 24;

/**
 * How much of what was to be expected from a source was really watched for. An hour is watched when it was covered by an
 * answered check and lies in no `blind` span (times when the source answered, but nothing could be read from it).
 */
export function coverageOf(
  hours: readonly HourRecord[],
  options: { span: Span; intervalSeconds: number; blind?: readonly Span[] },
): Coverage {
  const { span, intervalSeconds, blind = [] } = options;
  const expectation = expectationOf(hours, intervalSeconds);
  const watched = watchedHours(hours, intervalSeconds);
  const end = span.to.getTime();
  const coverage: Coverage = { expected: 0, watched: 0 };
  // The newest hours may still be covered by a check that is not yet due.
  const lastAnswer = hours.findLast(({ answered }) => answered > 0)?.hour.getTime() ?? Number.NEGATIVE_INFINITY;
  const fresh = lastAnswer + Math.ceil(Math.max(1, (2 * intervalSeconds) / 3_600)) * hourMs;
  for (let at = span.from.getTime(); at < end; ) {
    const hour = Math.floor(at / hourMs) * hourMs;
    const next = Math.min(end, hour + hourMs);
    const share = (next - at) / hourMs;
    const expected = expectation ? expectation.inAll(new Date(at), new Date(next)) : unknownRate * share;
    coverage.expected += expected;
    const seen = watched.has(hour) || (hour > lastAnswer && hour <= fresh);
    if (seen) coverage.watched += expected * (1 - overlap({ from: new Date(at), to: new Date(next) }, blind));
    at = next;
  }
  return coverage;
}

/** The score over several sources, 0–1; null where nothing was to be expected. */
export function coverageScore(all: readonly Coverage[]): number | null {
  const expected = all.reduce((sum, c) => sum + c.expected, 0);
  return expected === 0 ? null : all.reduce((sum, c) => sum + c.watched, 0) / expected;
}

/** The share of a span that lies within any of these, which may overlap each other. */
function overlap({ from, to }: Span, spans: readonly Span[]): number {
  let covered = 0;
  let until = from.getTime();
  for (const span of spans.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const begin = Math.max(until, span.from.getTime());
    const end = Math.min(to.getTime(), span.to.getTime());
    if (end > begin) {
      covered += end - begin;
      until = end;
    }
  }
  return covered / (to.getTime() - from.getTime());
}
