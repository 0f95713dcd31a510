import type { RankingModelView, RankingView } from '@guanlan/contracts';
import { type Db, listOpenFacts, listRankingExamples, outcomesMark } from '@guanlan/database';
import { judgeByRanking, priorityOf, type RankingModel, trainRanking } from '@guanlan/domain';

/** Outcomes older than these many teach nothing new. */
const mostExamples = 5_000;
const shownReasons = 3;

/** What is learned from stored outcomes; learned anew when one is added. */
export interface Ranking {
  model(): Promise<RankingModel | null>;
  openAlerts(): Promise<RankingView>;
}

export function createRanking(db: Db): Ranking {
  let learned: { mark: string; model: Promise<RankingModel | null> } | undefined;
  const model = async () => {
    const mark = await outcomesMark(db);
    if (learned?.mark !== mark) {
      const fresh = listRankingExamples(db, mostExamples).then(trainRanking);
      learned = { mark, model: fresh };
      // A look that failed is not remembered.
      fresh.catch(() => {
        learned = undefined;
      });
    }
    return learned.model;
  };
  return {
    model,
    async openAlerts() {
      const [known, open] = [await model(), await listOpenFacts(db)];
      const rows = open.map(({ id, ...facts }) => {
        if (known === null) return { id, probability: null, priority: priorityOf(1, facts.rank), because: [] };
        const { probability, because } = judgeByRanking(known, facts);
        const shown = because.slice(0, shownReasons).map(({ title, effect }) => ({ title, effect }));
        return { id, probability, priority: priorityOf(probability, facts.rank), because: shown };
      });
      // Equals stay as they came: the newest first.
      return { model: known && rankingModelViewOf(known), rows: rows.sort((a, b) => b.priority - a.priority) };
    },
  };
}

export function rankingModelViewOf({ confirmed, falseAlarms, auc, features }: RankingModel): RankingModelView {
  const shown = features.map(({ id, title, weight }) => ({ id, title, weight }));
  return { confirmed, falseAlarms, auc, features: shown.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)) };
}
