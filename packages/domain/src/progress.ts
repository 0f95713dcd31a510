import { yearSpan } from './calendar.ts';
import type { TrainingKind } from './training.ts';

/** Where the year stands. `items` counts distinct relevant items; every figure can be listed row by row. */
export interface Progress {
  year: number;
  items: {
    /** Everything stored this year. */
    collected: number;
    /** Of those, with a level and about this county. */
    relevant: number;
    /** Of the relevant ones, distinct by content and not struck out as a false alarm: what the target is measured by. */
    counted: number;
    /** Of the counted ones, those whose alert a person has confirmed. */
    confirmed: number;
    target: number;
    /** What 31 December will show at the year's pace so far. */
    forecast: number;
  };
  trainings: { kind: TrainingKind; title: string; held: number; target: number; people: number }[];
  indicators: IndicatorProgress[];
}

/** One row of a project's indicator table (verbatim) and where it stands. `actual` is null while nothing measures it. */
export interface IndicatorProgress {
  project: string;
  projectName: string;
  level1: string;
  level2: string;
  level3: string;
  description: string;
  target: string;
  basis: string;
  actual: number | null;
  unit: string | null;
  /** Share of the target that would be reached by now at an even pace, 0–1; null when pace has no meaning for it. */
  pace: number | null;
  forecast: number | null;
  note: string | null;
}

/** Share of the year that has passed at `now`, 0–1 (0 before it, 1 after it). */
export function yearElapsed(year: number, now: Date): number {
  const { from, to } = yearSpan(year);
  return Math.min(1, Math.max(0, (now.getTime() - from.getTime()) / (to.getTime() - from.getTime())));
}

/**
 * What the year's end will show at the pace so far: linear over the days watched, which begin with the year or, for an
 * installation younger than that, with its first row. Whole number; `actual` once the year is over.
 */
export function forecast(actual: number, year: number, now: Date, since: Date | null): number {
  const { from, to } = yearSpan(year);
  const start = Math.max(from.getTime(), since?.getTime() ?? from.getTime());
  const end = Math.min(now.getTime(), to.getTime());
  if (end >= to.getTime()) return actual;
  // A pace measured over less than a day says nothing about a year.
  const watched = Math.max(end - start, 86_400_000);
  return Math.round(actual + (actual / watched) * Math.max(0, to.getTime() - Math.max(end, from.getTime())));
}
