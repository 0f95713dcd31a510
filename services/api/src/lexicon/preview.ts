import { setImmediate } from 'node:timers/promises';
import { countHistory, currentLexicon, type Db, readHistory } from '@guanlan/database';
import { GuanlanError, type PreviewResult } from '@guanlan/domain';
import { compileLexicon, createJudge, createPreview } from '@guanlan/lexicon';

/** How far a preview has come, or what it found. The result comes last, once. */
export type PreviewStep = { done: number; total: number } | { result: PreviewResult };

const sliceMs = 20;

/**
 * Tries a draft on the newest `limit` stored items (all, when left out) beside the revision in force. Holds one run of items at a time, and
 * never the thread for long. Throws `lexicon-invalid` for a draft with faults, `conflict` where no revision is in force yet.
 */
export async function* previewDraft(db: Db, draft: string, limit = Number.MAX_SAFE_INTEGER): AsyncGenerator<PreviewStep> {
  const judge = createJudge(compileLexicon(draft));
  const current = await currentLexicon(db);
  if (current === null) throw new GuanlanError('conflict', '还没有生效的词库，请先启动一次系统（guanlan up），它会启用随程序提供的词库。');
  const preview = createPreview(createJudge(compileLexicon(current.body)), judge);
  const total = Math.min(limit, await countHistory(db));
  let done = 0;
  let sliceStarted = performance.now();
  for await (const items of readHistory(db, { limit: total })) {
    for (const { authorKind, ...item } of items) {
      preview.add({ ...item, sourceKind: authorKind });
      if (performance.now() - sliceStarted <= sliceMs) continue;
      await setImmediate();
      sliceStarted = performance.now();
    }
    done += items.length;
    yield { done, total };
  }
  yield { result: preview.result() };
}
