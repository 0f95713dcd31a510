import { GuanlanError } from '@guanlan/domain';
import type { Db } from '../connect.ts';

export interface LexiconDraft {
  /** The revision it is meant to replace. */
  baseRevisionId: number;
  body: string;
  /** Counts the saves; a save names the version it changes. */
  version: number;
  author: string;
  updatedAt: Date;
}

/** The office's draft; null when nobody is changing the rules. */
export async function readLexiconDraft(db: Db): Promise<LexiconDraft | null> {
  const row = await db.selectFrom('lexicon_draft').selectAll().executeTakeFirst();
  if (row === undefined) return null;
  return { baseRevisionId: row.base_revision_id, body: row.body, version: row.version, author: row.author, updatedAt: row.updated_at };
}

/**
 * Saves the draft. `version` is the one that was being changed, 0 for a draft that is begun. Returns the new version.
 * Throws `conflict` when somebody else has begun, saved, published or discarded it meanwhile.
 */
export async function saveLexiconDraft(
  db: Db,
  draft: { baseRevisionId: number; body: string; version: number; author: string; now: Date },
): Promise<number> {
  const { baseRevisionId, body, author, now } = draft;
  const version = draft.version + 1;
  if (draft.version === 0) {
    const begun = await db
      .insertInto('lexicon_draft')
      .values({ base_revision_id: baseRevisionId, body, version, author, updated_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (begun.numInsertedOrUpdatedRows !== 1n) throw changedMeanwhile();
    return version;
  }
  const saved = await db
    .updateTable('lexicon_draft')
    .set({ base_revision_id: baseRevisionId, body, version, author, updated_at: now })
    .where('version', '=', draft.version)
    .executeTakeFirst();
  if (saved.numUpdatedRows !== 1n) throw changedMeanwhile();
  return version;
}

/** Takes the draft of this version away: it was published, or is not wanted. Throws `conflict` as {@link saveLexiconDraft} does. */
export async function removeLexiconDraft(db: Db, version: number): Promise<void> {
  const removed = await db.deleteFrom('lexicon_draft').where('version', '=', version).executeTakeFirst();
  if (removed.numDeletedRows !== 1n) throw changedMeanwhile();
}

function changedMeanwhile(): GuanlanError {
  return new GuanlanError('conflict', '草稿刚刚被别人改过、发布或放弃了，请重新载入后再改；您写的内容可先复制出来。');
}
