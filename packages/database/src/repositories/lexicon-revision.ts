import type { Db } from '../connect.ts';

export interface LexiconRevision {
  id: number;
  digest: string;
  body: string;
}

/** Publishes a lexicon text, or finds the revision that already holds it: the same text is the same revision. */
export async function publishLexicon(db: Db, revision: { digest: string; body: string; note: string }): Promise<number> {
  await db
    .insertInto('lexicon_revision')
    .values(revision)
    .onConflict((oc) => oc.column('digest').doNothing())
    .execute();
  const row = await db.selectFrom('lexicon_revision').select('id').where('digest', '=', revision.digest).executeTakeFirstOrThrow();
  return row.id;
}

/** The revision that judges now: the last one published. Null on a fresh database. */
export async function currentLexicon(db: Db): Promise<LexiconRevision | null> {
  const row = await db.selectFrom('lexicon_revision').select(['id', 'digest', 'body']).orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row ?? null;
}
