import { beatPulse, type Db, loadSourceHistories, measureCoverage, saveSourceHealth, sourcesToAssess } from '@guanlan/database';
import { assessHealth } from '@guanlan/domain';

/** Sources judged at one time: bounds what their histories take in memory. */
const batch = 40;
/** A source is judged after each check, and when this has passed without one: silence grows by itself. */
const everyMs = 600_000;

/**
 * Judges every source that was checked since it was last judged, writes down what is the matter with it and how well it is
 * covered, and says that the crawler lives. Returns how many were judged.
 */
export async function assessSources(db: Db, now: Date): Promise<number> {
  let assessed = 0;
  for (;;) {
    const ids = await sourcesToAssess(db, { now, everyMs, limit: batch });
    if (ids.length > 0) {
      const histories = await loadSourceHistories(db, ids);
      const found = [...histories].map(([sourceId, history]) => ({ sourceId, conditions: assessHealth(history, now).conditions }));
      await saveSourceHealth(db, found, now);
      assessed += ids.length;
    }
    if (ids.length < batch) break;
  }
  await measureCoverage(db, now);
  await beatPulse(db, 'crawler', now);
  return assessed;
}
