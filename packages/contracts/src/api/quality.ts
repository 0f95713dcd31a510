import { z } from 'zod';
import { reasonView } from './item.ts';
import { at, categoryName, id, levelName } from './wire.ts';

/** A share and where the true share lies with 95 % confidence (Wilson). */
const proportion = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.int() });

/** A number of items estimated from samples, with its 95 % interval. */
const estimate = z.object({ value: z.number(), low: z.number(), high: z.number(), judged: z.int(), population: z.int() });

const outcomes = z.object({
  confirmed: z.int(),
  falseAlarms: z.int(),
  /** Nobody has said yet. */
  undecided: z.int(),
  /** Of those of which somebody has, the share confirmed; null when there are none. */
  precision: proportion.nullable(),
});

export const ruleQualityView = outcomes.extend({
  rule: z.string(),
  category: categoryName,
  /** The newest, at most five. */
  falseAlarmAlerts: z.array(z.object({ alertId: id, title: z.string(), note: z.string() })),
});
export type RuleQualityView = z.infer<typeof ruleQualityView>;

export const sampleView = z.object({
  week: z.string(),
  drawnAt: at,
  strata: z.array(z.object({ stratum: z.enum(['local', 'other']), population: z.int(), drawn: z.int(), judged: z.int(), missed: z.int() })),
  /** Of this week alone; null while a part of it has not been looked at. */
  missed: estimate.nullable(),
});
export type SampleView = z.infer<typeof sampleView>;

/** What was learned from outcomes, all of it. `weight` is the change of the log-odds per standard deviation. */
export const rankingModelView = z.object({
  confirmed: z.int(),
  falseAlarms: z.int(),
  /** Area under the ROC curve in cross-validation: 0.5 is chance. */
  auc: z.number(),
  features: z.array(z.object({ id: z.string(), title: z.string(), weight: z.number() })),
});
export type RankingModelView = z.infer<typeof rankingModelView>;

/** `GET /api/v1/quality?days=365`: how well alerts, rules and what made no alert have come out. */
export const qualityView = z
  .object({
    days: z.int(),
    alerts: outcomes,
    /** Those with false alarms first, the worst first. */
    rules: z.array(ruleQualityView),
    /** Newest first, at most twelve. */
    samples: z.array(sampleView),
    /** Of those weeks together, as far as they were judged. */
    missed: estimate.nullable(),
    /** Null while there are too few outcomes. */
    ranking: rankingModelView.nullable(),
  })
  .meta({ id: 'Quality' });
export type QualityView = z.infer<typeof qualityView>;

export const qualityQuery = z.object({ days: z.coerce.number().int().min(7).max(3_660).default(365) });

const week = z.string().regex(/^\d{4}-W\d{2}$/u, '应为 2026-W47 这样的周');
export const sampleParams = z.object({ week });

/** `GET /api/v1/quality/samples/:week`: the items of a week's sample, to be judged. */
export const sampleItemView = z.object({
  itemId: id,
  stratum: z.enum(['local', 'other']),
  title: z.string(),
  /** At most 2,000 characters. */
  text: z.string(),
  url: z.string().nullable(),
  source: z.string(),
  collectedAt: at,
  level: levelName,
  categories: z.array(categoryName),
  reasons: z.array(reasonView),
  /** `missed`: it should have made an alert. */
  verdict: z.enum(['missed', 'fine']).nullable(),
  note: z.string(),
  judgedBy: z.string().nullable(),
});
export type SampleItemView = z.infer<typeof sampleItemView>;
export const sampleItems = z.object({ week: z.string(), rows: z.array(sampleItemView) });
export type SampleItems = z.infer<typeof sampleItems>;

/** `POST /api/v1/quality/samples/:week/items/:id` */
export const sampleItemParams = z.object({ week, id: z.coerce.number().int().positive() });
export const sampleVerdictRequest = z.object({ verdict: z.enum(['missed', 'fine']), note: z.string().trim().max(500).default('') });
export type SampleVerdictRequest = z.input<typeof sampleVerdictRequest>;

/**
 * `GET /api/v1/alerts/ranking`: every open alert in the order in which the desk may look at them. Nothing is left out. Where nothing
 * was learned yet, the level decides alone and probabilities are null.
 */
export const rankingView = z.object({
  model: rankingModelView.nullable(),
  rows: z.array(
    z.object({
      id,
      /** That it will be confirmed. */
      probability: z.number().nullable(),
      /** Probability times the weight of the level (1, 2, 4, 8). */
      priority: z.number(),
      /** What speaks for it (above zero) and against it beside an average alert, the strongest first, at most three. */
      because: z.array(z.object({ title: z.string(), effect: z.number() })),
    }),
  ),
});
export type RankingView = z.infer<typeof rankingView>;
