import path from 'node:path';
import { currentLexicon, type Db, publishLexicon } from '@guanlan/database';
import { compileLexicon, createJudge, type Judge, loadLexiconFolder } from '@guanlan/lexicon';
import { type Clock, defaultsDir, type Logger } from '@guanlan/runtime';

export interface CurrentJudge {
  revisionId: number;
  judge: Judge;
}

export interface JudgeHolder {
  current(): Promise<CurrentJudge>;
}

const recheckMs = 5_000;

/**
 * The judge of the lexicon revision in force, looked up again every few seconds so that a revision published by another
 * process is used without a restart. On a fresh database the shipped lexicon becomes the first revision.
 */
export function createJudgeHolder({ db, clock, logger }: { db: Db; clock: Clock; logger: Logger }): JudgeHolder {
  let held: CurrentJudge | undefined;
  let checkedAt = 0;
  return {
    current: async () => {
      const now = clock.now().getTime();
      if (held !== undefined && now - checkedAt < recheckMs) return held;
      const revision = (await currentLexicon(db)) ?? (await publishShipped(db));
      checkedAt = now;
      if (held?.revisionId === revision.id) return held;
      held = { revisionId: revision.id, judge: createJudge(compileLexicon(revision.body)) };
      logger.info({ revision: revision.id, digest: revision.digest.slice(0, 12) }, 'lexicon in force');
      return held;
    },
  };
}

async function publishShipped(db: Db): Promise<{ id: number; digest: string; body: string }> {
  const shipped = await loadLexiconFolder(path.join(defaultsDir, 'lexicon'));
  const id = await publishLexicon(db, { digest: shipped.digest, body: shipped.text, note: '随程序提供的词库' });
  return { id, digest: shipped.digest, body: shipped.text };
}
