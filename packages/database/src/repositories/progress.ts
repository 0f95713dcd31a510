import {
  forecast,
  type IndicatorProject,
  type Progress,
  type TrainingKind,
  targetNumber,
  trainingKinds,
  yearElapsed,
} from '@guanlan/domain';
import type { Db } from '../connect.ts';
import { countYear } from './tally.ts';

/** The office's yearly target of monitored items (网络舆情基层监测服务费, 数量指标: ≥2500条). */
const defaultItemTarget = 2500;

/** Where the year stands, recomputed from rows. `projects` are the indicator tables to fill in. */
export async function readProgress(db: Db, options: { year: number; now: Date; projects: readonly IndicatorProject[] }): Promise<Progress> {
  const { year, now, projects } = options;
  const [counts, trainings] = await Promise.all([countYear(db, year), countTrainings(db, year)]);
  const measured = projects.flatMap((p) => p.indicators).find((i) => i.measure === 'items-counted');
  const target = (measured && targetNumber(measured.target)) ?? defaultItemTarget;
  const expected = forecast(counts.counted, year, now, counts.since);
  const pace = yearElapsed(year, now);
  return {
    year,
    items: {
      collected: counts.collected,
      relevant: counts.relevant,
      counted: counts.counted,
      confirmed: counts.confirmed,
      target,
      forecast: expected,
    },
    trainings: (Object.keys(trainingKinds) as TrainingKind[]).map((kind) => ({
      kind,
      title: trainingKinds[kind].title,
      target: trainingKinds[kind].target,
      held: trainings.get(kind)?.held ?? 0,
      people: trainings.get(kind)?.people ?? 0,
    })),
    indicators: projects.flatMap((project) =>
      project.indicators.map((i) => {
        const counted = i.measure === 'items-counted';
        return {
          project: project.code,
          projectName: project.name,
          level1: i.level1,
          level2: i.level2,
          level3: i.level3,
          description: i.description,
          target: i.target,
          basis: i.basis,
          actual: counted ? counts.counted : null,
          unit: counted ? '条' : null,
          pace: counted ? pace : null,
          forecast: counted ? expected : null,
          note: i.note ?? null,
        };
      }),
    ),
  };
}

async function countTrainings(db: Db, year: number): Promise<Map<string, { held: number; people: number }>> {
  const rows = await db
    .selectFrom('training')
    .select((eb) => ['kind', eb.fn.countAll<number>().as('held'), eb.fn.sum<number>('people').as('people')])
    .where('held_on', '>=', `${year}-01-01`)
    .where('held_on', '<=', `${year}-12-31`)
    .groupBy('kind')
    .execute();
  return new Map(rows.map((r) => [r.kind, { held: r.held, people: Number(r.people) }]));
}
