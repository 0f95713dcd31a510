import { setImmediate } from 'node:timers/promises';
import { countAlertsOpened, currentAlertPolicy, currentLexicon, type Db, readRecentItems } from '@guanlan/database';
import { type RuleVolume, usualVolume, volumeBound } from '@guanlan/domain';
import { compileLexicon, createJudge, createVolume } from '@guanlan/lexicon';

const dayMs = 86_400_000;
const window = { days: 7, items: 50_000 };
const sliceMs = 20;

/**
 * What a draft would bring on the items of the last week (the newest 50,000 of them) beside the lexicon in force, and how much of it
 * goes without saying. Null where no lexicon is in force yet. Throws `lexicon-invalid` for a draft with faults.
 */
export async function measureVolume(db: Db, draft: string, now: Date): Promise<RuleVolume | null> {
  const judge = createJudge(compileLexicon(draft));
  const current = await currentLexicon(db);
  if (current === null) return null;
  const volume = createVolume(createJudge(compileLexicon(current.body)), judge);
  let since = new Date(now.getTime() - window.days * dayMs);
  let left = window.items;
  let sliceStarted = performance.now();
  for await (const items of readRecentItems(db, { since, now, limit: window.items })) {
    for (const { authorKind, collectedAt, ...item } of items) {
      volume.add({ ...item, sourceKind: authorKind });
      left--;
      // More came than are judged: the figures are of the shorter time.
      if (left === 0) since = collectedAt;
      if (performance.now() - sliceStarted <= sliceMs) continue;
      await setImmediate();
      sliceStarted = performance.now();
    }
  }
  const [usual, policy] = await Promise.all([countAlertsOpened(db, { from: since, to: now }), currentAlertPolicy(db)]);
  const bound = volumeBound(usual, policy?.policy.volume ?? usualVolume);
  return { since: since.toISOString(), until: now.toISOString(), ...volume.result(), usual, bound };
}
