import type { CategoryId } from './category.ts';

/** What is known of an alert that may say whether it will turn out true. */
export interface RankingFacts {
  /** 1 to 4. */
  rank: number;
  items: number;
  sources: number;
  /** Told by a public body or the press. */
  official: boolean;
  /** A rule was met in a title. */
  titled: boolean;
  /** Places of the county that are named. */
  places: number;
  rules: readonly string[];
  categories: readonly CategoryId[];
}

/** An alert of which a person has said what it was; in the order in which alerts were opened. */
export interface RankingExample extends RankingFacts {
  confirmed: boolean;
}

/** What the model looks at; `less` is what is said where the value is below the average. A good record can only speak for an alert. */
const features = [
  { id: 'rule-record', title: '这些规则以往属实多', less: '这些规则以往误报多', onlyFor: true },
  { id: 'category-record', title: '这类事以往属实多', less: '这类事以往误报多', onlyFor: true },
  { id: 'level', title: '级别高', less: '级别低', onlyFor: false },
  { id: 'title', title: '标题里就命中', less: '标题里没有命中', onlyFor: false },
  { id: 'rules', title: '命中的规则多', less: '命中的规则少', onlyFor: false },
  { id: 'items', title: '信息条数多', less: '信息条数少', onlyFor: false },
  { id: 'sources', title: '信息源多', less: '信息源少', onlyFor: false },
  { id: 'official', title: '官方或媒体发布', less: '不是官方或媒体发布', onlyFor: false },
  { id: 'places', title: '写明本县地点', less: '没有写明本县地点', onlyFor: false },
] as const;

export type RankingFeature = (typeof features)[number]['id'];

/** A small linear model, all of it to be seen: the log-odds of being confirmed are the intercept plus weight × (value − mean) / deviation. */
export interface RankingModel {
  intercept: number;
  features: { id: RankingFeature; title: string; weight: number; mean: number; deviation: number }[];
  confirmed: number;
  falseAlarms: number;
  /** Area under the ROC curve in five-fold cross-validation: 0.5 is chance, 1 is perfect. */
  auc: number;
  records: Records;
}

export interface RankingVerdict {
  /** That the alert is confirmed. */
  probability: number;
  /** What speaks for (above zero) and against it, in log-odds beside an average alert, the strongest first. */
  because: { id: RankingFeature; title: string; effect: number }[];
}

/** Confirmed and false so far, by name. */
type Records = Map<string, readonly [confirmed: number, falseAlarms: number]>;

/** Fewer outcomes than this teach nothing worth following. */
const least = { examples: 30, ofEach: 5 };
const ridge = 1;
const folds = 5;
/** How many outcomes the overall rate counts for, beside a rule's own. */
const prior = 4;

/** Learns from outcomes; null while there are too few of either kind. */
export function trainRanking(examples: readonly RankingExample[]): RankingModel | null {
  const confirmed = examples.filter((one) => one.confirmed).length;
  const falseAlarms = examples.length - confirmed;
  if (examples.length < least.examples || Math.min(confirmed, falseAlarms) < least.ofEach) return null;
  const records: Records = new Map();
  // Each is described by what was known before it: its own outcome must not speak for it.
  const rows = examples.map((one) => {
    const row = valuesOf(one, records);
    for (const name of namesOf(one)) {
      const [yes, no] = records.get(name) ?? [0, 0];
      records.set(name, one.confirmed ? [yes + 1, no] : [yes, no + 1]);
    }
    return row;
  });
  const truth = examples.map((one) => (one.confirmed ? 1 : 0));
  const scores = Array.from({ length: examples.length }, () => 0);
  for (let fold = 0; fold < folds; fold++) {
    const kept = rows.flatMap((row, n) => (n % folds === fold ? [] : [{ row, y: truth[n] ?? 0 }]));
    const fit = fitLogistic(kept);
    for (let n = fold; n < rows.length; n += folds) scores[n] = logOdds(fit, rows[n] ?? []);
  }
  const fit = fitLogistic(rows.map((row, n) => ({ row, y: truth[n] ?? 0 })));
  return {
    intercept: fit.intercept,
    features: features.map(({ id, title }, n) => ({
      ...{ id, title },
      ...{ weight: fit.weights[n] ?? 0, mean: fit.means[n] ?? 0, deviation: fit.deviations[n] ?? 1 },
    })),
    confirmed,
    falseAlarms,
    auc: areaUnderCurve(scores, truth),
    records,
  };
}

/** What the model says of one alert, and why. */
export function judgeByRanking(model: RankingModel, facts: RankingFacts): RankingVerdict {
  const values = valuesOf(facts, model.records);
  const because = model.features.map(({ id, weight, mean, deviation }, n) => {
    const above = (values[n] ?? 0) - mean;
    return { id, title: (above >= 0 ? features[n]?.title : features[n]?.less) ?? id, effect: (weight * above) / deviation };
  });
  const odds = model.intercept + because.reduce((sum, { effect }) => sum + effect, 0);
  return { probability: sigmoid(odds), because: because.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)) };
}

/** What an alert is worth looking at first for: how likely it is true, times what its level weighs (1, 2, 4, 8). Orders, and hides nothing. */
export function priorityOf(probability: number, rank: number): number {
  return probability * 2 ** (rank - 1);
}

function valuesOf(facts: RankingFacts, records: Records): number[] {
  const values: Record<RankingFeature, number> = {
    'rule-record': recordOf(facts.rules.map(ruleName), records),
    'category-record': recordOf(facts.categories.map(categoryName), records),
    level: facts.rank,
    title: facts.titled ? 1 : 0,
    rules: Math.log2(1 + facts.rules.length),
    items: Math.log2(1 + facts.items),
    sources: Math.log2(1 + facts.sources),
    official: facts.official ? 1 : 0,
    places: Math.log2(1 + facts.places),
  };
  return features.map(({ id }) => values[id]);
}

const everything = 'all';
const ruleName = (rule: string): string => `rule ${rule}`;
const categoryName = (category: string): string => `category ${category}`;

function namesOf({ rules, categories }: RankingFacts): string[] {
  return [...new Set([everything, ...rules.map(ruleName), ...categories.map(categoryName)])];
}

/** The mean log-odds of these names; one with few outcomes counts for little more than all alerts together do. */
function recordOf(names: readonly string[], records: Records): number {
  const [yes, no] = records.get(everything) ?? [0, 0];
  const rate = (yes + 1) / (yes + no + 2);
  if (names.length === 0) return Math.log(rate / (1 - rate));
  const sum = names.reduce((total, name) => {
    const [confirmed, falseAlarms] = records.get(name) ?? [0, 0];
    return total + Math.log((confirmed + prior * rate) / (falseAlarms + prior * (1 - rate)));
  }, 0);
  return sum / names.length;
}

interface Fit {
  intercept: number;
  weights: number[];
  means: number[];
  deviations: number[];
}

/** The regression, without what would speak against an alert though it may only speak for it. */
function fitLogistic(rows: readonly Row[]): Fit {
  const left: number[] = [];
  for (;;) {
    const fit = fitWithout(rows, left);
    const wrong = features.flatMap(({ onlyFor }, n) => (onlyFor && !left.includes(n) && (fit.weights[n] ?? 0) < 0 ? n : []));
    if (wrong.length === 0) return fit;
    left.push(...wrong);
  }
}

interface Row {
  row: readonly number[];
  y: number;
}

/** Logistic regression with a ridge, by Newton's method, on standardised values. `left`: places of features that get no weight. */
function fitWithout(rows: readonly Row[], left: readonly number[]): Fit {
  const width = features.length;
  const means = features.map((_, n) => rows.reduce((sum, { row }) => sum + (row[n] ?? 0), 0) / rows.length);
  const deviations = features.map((_, n) => {
    const variance = rows.reduce((sum, { row }) => sum + ((row[n] ?? 0) - (means[n] ?? 0)) ** 2, 0) / rows.length;
    return Math.sqrt(variance) || 1;
  });
  const xs = rows.map(({ row }) => [
    1,
    ...row.map((value, n) => (left.includes(n) ? 0 : (value - (means[n] ?? 0)) / (deviations[n] ?? 1))),
  ]);
  const beta = Array.from({ length: width + 1 }, () => 0);
  for (let round = 0; round < 25; round++) {
    const gradient = beta.map((b, n) => (n === 0 ? 0 : -ridge * b));
    const curvature = beta.map((_, n) => beta.map((_, m): number => (n !== m ? 0 : n === 0 ? 1e-9 : ridge)));
    for (const [at, x] of xs.entries()) {
      const p = sigmoid(dot(beta, x));
      const error = (rows[at]?.y ?? 0) - p;
      const weight = p * (1 - p);
      for (let n = 0; n <= width; n++) {
        gradient[n] = (gradient[n] ?? 0) + error * (x[n] ?? 0);
        const line = curvature[n] ?? [];
        for (let m = 0; m <= width; m++) line[m] = (line[m] ?? 0) + weight * (x[n] ?? 0) * (x[m] ?? 0);
      }
    }
    const step = solve(curvature, gradient);
    for (let n = 0; n <= width; n++) beta[n] = (beta[n] ?? 0) + (step[n] ?? 0);
    if (Math.max(...step.map(Math.abs)) < 1e-8) break;
  }
  const [intercept = 0, ...weights] = beta;
  return { intercept, weights, means, deviations };
}

function logOdds({ intercept, weights, means, deviations }: Fit, row: readonly number[]): number {
  return intercept + row.reduce((sum, value, n) => sum + ((weights[n] ?? 0) * (value - (means[n] ?? 0))) / (deviations[n] ?? 1), 0);
}

/** Gaussian elimination with pivoting; the matrix of a ridge is never singular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, n) => [...row, right[n] ?? 0]);
  const size = rows.length;
  for (let at = 0; at < size; at++) {
    let best = at;
    for (let n = at + 1; n < size; n++) if (Math.abs(rows[n]?.[at] ?? 0) > Math.abs(rows[best]?.[at] ?? 0)) best = n;
    [rows[at], rows[best]] = [rows[best] ?? [], rows[at] ?? []];
    const pivot = rows[at] ?? [];
    for (let n = 0; n < size; n++) {
      const row = rows[n] ?? [];
      if (n === at) continue;
      const factor = (row[at] ?? 0) / (pivot[at] ?? 1);
      for (let m = at; m <= size; m++) row[m] = (row[m] ?? 0) - factor * (pivot[m] ?? 0);
    }
  }
  return rows.map((row, n) => (row[size] ?? 0) / (row[n] ?? 1));
}

/** The share of pairs of a true and a false one that are in the right order. */
function areaUnderCurve(scores: readonly number[], truth: readonly number[]): number {
  const order = scores.map((score, n) => ({ score, y: truth[n] ?? 0 })).sort((a, b) => a.score - b.score);
  let [falses, pairs] = [0, 0];
  for (let at = 0; at < order.length; ) {
    let end = at;
    while (end < order.length && order[end]?.score === order[at]?.score) end++;
    const tied = order.slice(at, end);
    const trues = tied.filter(({ y }) => y === 1).length;
    pairs += trues * (falses + (tied.length - trues) / 2);
    falses += tied.length - trues;
    at = end;
  }
  const trues = order.length - falses;
  return trues === 0 || falses === 0 ? 0.5 : pairs / (trues * falses);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, n) => sum + value * (b[n] ?? 0), 0);
}

function sigmoid(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
