import { type Db, getLexiconRevision } from '@guanlan/database';
import { GuanlanError } from '@guanlan/domain';
import { compileLexicon, createJudge, type Judge } from '@guanlan/lexicon';

/** Two revisions are in use while items are judged anew; an older one is rarely asked for. */
const kept = 3;

/** Judges of revisions by their numbers, the last used kept. A revision never changes. */
export function createJudges(db: Db): (revisionId: number) => Promise<Judge> {
  const judges = new Map<number, Judge>();
  return async (revisionId) => {
    let judge = judges.get(revisionId);
    if (judge === undefined) {
      const revision = await getLexiconRevision(db, revisionId);
      if (revision === null) throw new GuanlanError('not-found', `没有第 ${revisionId} 版词库。`);
      judge = createJudge(compileLexicon(revision.body));
    }
    judges.delete(revisionId);
    judges.set(revisionId, judge);
    const [oldest] = judges.keys();
    if (judges.size > kept && oldest !== undefined) judges.delete(oldest);
    return judge;
  };
}
