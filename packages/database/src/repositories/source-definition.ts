import { canaryKind } from '@guanlan/domain';
import type { Db } from '../connect.ts';
import { addSource, type NewSource, setSourcePaused } from './source.ts';

/** What a person has set of a source, paused ones too: what an export writes. */
export interface SourceDefinition {
  id: number;
  kind: string;
  name: string;
  url: string;
  options: Record<string, unknown>;
  local: boolean;
  allowPrivate: boolean;
  everySeconds: number;
  paused: boolean;
}

/** Every source that is not removed, by number. */
export async function listSourceDefinitions(db: Db): Promise<SourceDefinition[]> {
  const rows = await db
    .selectFrom('source')
    .selectAll()
    .where('removed_at', 'is', null)
    .where('kind', '<>', canaryKind)
    .orderBy('id')
    .execute();
  return rows.map((r) => ({
    id: r.id,
    kind: r.kind,
    name: r.name,
    url: r.url,
    options: r.options,
    local: r.local,
    allowPrivate: r.allow_private,
    everySeconds: r.every_seconds,
    paused: r.paused_at !== null,
  }));
}

/** Adds a source that nothing fetches until it is resumed, in one transaction: no check falls between adding and pausing. */
export async function addPausedSource(db: Db, source: NewSource, now: Date): Promise<{ id: number; added: boolean }> {
  return await db.transaction().execute(async (trx) => {
    const result = await addSource(trx, source);
    if (result.added) await setSourcePaused(trx, result.id, true, now);
    return result;
  });
}
