import { type Db, listChannels, listReceivers, listRoutes, loadRoster } from '@guanlan/database';
import type { DayKind } from '@guanlan/domain';
import type { People } from './candidate.ts';

/** Who can be told now, read from rows. */
export async function loadPeople(db: Db, { now, dayKind }: { now: Date; dayKind: (at: Date) => DayKind }): Promise<People> {
  const routes = await listRoutes(db);
  const channels = await listChannels(db);
  const receivers = await listReceivers(db);
  const roster = await loadRoster(db, now);
  return { routes, channels, receivers, roster: { ...roster, dayKind } };
}
