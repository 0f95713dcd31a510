import {
  qualityQuery,
  qualityView,
  rankingView,
  sampleItemParams,
  sampleItems,
  sampleItemView,
  sampleParams,
  sampleVerdictRequest,
} from '@guanlan/contracts';
import {
  type AlertOutcomes,
  appendAudit,
  countOutcomes,
  judgeSampleItem,
  listRuleOutcomes,
  listSampleItems,
  listSamples,
  type SampleFigures,
  type SampleItem,
} from '@guanlan/database';
import { estimateMissed, GuanlanError, proportionOf } from '@guanlan/domain';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';
import { createRanking, rankingModelViewOf } from '../ranking.ts';

const dayMs = 86_400_000;
const shownWeeks = 12;

export function addQualityRoutes(app: ApiServer, { db, clock }: ApiContext): void {
  const ranking = createRanking(db);

  app.get(
    '/api/v1/quality',
    {
      config: { permission: 'read' },
      schema: {
        summary: '研判质量：各规则的准确率和误报、抽样估计的漏报、从结果学到的排序',
        tags: ['quality'],
        querystring: qualityQuery,
        response: { 200: qualityView, default: problemResponse },
      },
    },
    async ({ query: { days } }) => {
      const since = new Date(clock.now().getTime() - days * dayMs);
      const [alerts, rules, samples, model] = await Promise.all([
        countOutcomes(db, since),
        listRuleOutcomes(db, since),
        listSamples(db, shownWeeks),
        ranking.model(),
      ]);
      const begun = samples.filter(({ strata }) => strata.some(({ judged }) => judged > 0) && estimateMissed(strata) !== null);
      const measured = rules.map((rule) => ({ ...rule, ...withPrecision(rule) }));
      // Worst is where even the upper end of what the rule may be worth is low; rules without false alarms come last.
      measured.sort(
        (a, b) => worth(a) - worth(b) || b.falseAlarms - a.falseAlarms || b.confirmed - a.confirmed || (a.rule < b.rule ? -1 : 1),
      );
      return {
        days,
        alerts: withPrecision(alerts),
        rules: measured,
        samples: samples.map((sample) => ({
          ...sample,
          drawnAt: sample.drawnAt.toISOString(),
          missed: estimateMissed(sample.strata),
        })),
        missed: begun.length === 0 ? null : estimateMissed(together(begun)),
        ranking: model && rankingModelViewOf(model),
      };
    },
  );

  app.get(
    '/api/v1/quality/samples/:week',
    {
      config: { permission: 'read' },
      schema: {
        summary: '一周里随机抽取的未预警信息，供人判断有没有漏报',
        tags: ['quality'],
        params: sampleParams,
        response: { 200: sampleItems, default: problemResponse },
      },
    },
    async ({ params: { week } }) => ({ week, rows: (await listSampleItems(db, week)).map(itemViewOf) }),
  );

  app.post(
    '/api/v1/quality/samples/:week/items/:id',
    {
      config: { permission: 'act' },
      schema: {
        summary: '判断抽样的一条：missed 应当预警，fine 不必预警',
        tags: ['quality'],
        params: sampleItemParams,
        body: sampleVerdictRequest,
        response: { 200: sampleItemView, default: problemResponse },
      },
    },
    async (request) => {
      const { week, id } = request.params;
      const { verdict, note } = request.body;
      const judgedBy = actorIn(request).name;
      const now = clock.now();
      await db.transaction().execute(async (tx) => {
        if (!(await judgeSampleItem(tx, { week, itemId: id, verdict, note, judgedBy, now })))
          throw new GuanlanError('not-found', `${week} 的样本里没有信息 ${id}。`);
        await appendAudit(tx, { at: now, actor: judgedBy, act: 'quality.judge', subject: `item:${id}`, data: { week, verdict } });
      });
      const item = (await listSampleItems(db, week)).find((one) => one.itemId === id);
      if (item === undefined) throw new GuanlanError('not-found', `${week} 的样本里没有信息 ${id}。`);
      return itemViewOf(item);
    },
  );

  app.get(
    '/api/v1/alerts/ranking',
    {
      config: { permission: 'read' },
      schema: {
        summary: '未办结预警的研判排序：属实可能 × 级别权重；只排先后，一条不少',
        tags: ['alert'],
        response: { 200: rankingView, default: problemResponse },
      },
    },
    async () => ranking.openAlerts(),
  );
}

function withPrecision({ confirmed, falseAlarms, undecided }: AlertOutcomes) {
  return { confirmed, falseAlarms, undecided, precision: proportionOf(confirmed, confirmed + falseAlarms) };
}

function worth({ falseAlarms, precision }: ReturnType<typeof withPrecision>): number {
  return falseAlarms === 0 ? 2 : (precision?.high ?? 2);
}

/** The strata of several weeks as one of each kind. */
function together(samples: readonly SampleFigures[]): SampleFigures['strata'] {
  const sums = new Map<string, SampleFigures['strata'][number]>();
  for (const { strata } of samples) {
    for (const one of strata) {
      const sum = sums.get(one.stratum) ?? { stratum: one.stratum, population: 0, drawn: 0, judged: 0, missed: 0 };
      sum.population += one.population;
      sum.drawn += one.drawn;
      sum.judged += one.judged;
      sum.missed += one.missed;
      sums.set(one.stratum, sum);
    }
  }
  return [...sums.values()];
}

function itemViewOf(item: SampleItem) {
  return { ...item, collectedAt: item.collectedAt.toISOString() };
}
