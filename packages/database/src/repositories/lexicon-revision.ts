import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { locks } from '../locks.ts';

export interface LexiconRevision {
  id: number;
  digest: string;
  body: string;
}

/** A revision without its text. */
export interface LexiconRevisionRow {
  id: number;
  digest: string;
  note: string;
  author: string;
  publishedAt: Date;
  /** Characters of the text. */
  length: number;
}

export interface NewLexiconRevision {
  digest: string;
  body: string;
  note: string;
  author?: string;
}

/**
 * Makes a text the lexicon in force. The same text as the one in force is the same revision; one that was in force earlier
 * becomes a new revision. Inside a transaction it becomes part of it.
 */
export async function publishLexicon(db: Db, revision: NewLexiconRevision): Promise<number> {
  return db.isTransaction ? publish(db, revision) : db.transaction().execute((tx) => publish(tx, revision));
}

async function publish(tx: Db, { digest, body, note, author = '' }: NewLexiconRevision): Promise<number> {
  await sql`select pg_advisory_xact_lock(${locks.lexiconRevision})`.execute(tx);
  const current = await currentLexicon(tx);
  if (current?.digest === digest) return current.id;
  const { id } = await tx.insertInto('lexicon_revision').values({ digest, body, note, author }).returning('id').executeTakeFirstOrThrow();
  return id;
}

/** The revision that judges now: the last one published. Null on a fresh database. */
export async function currentLexicon(db: Db): Promise<LexiconRevision | null> {
  const row = await db.selectFrom('lexicon_revision').select(['id', 'digest', 'body']).orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row ?? null;
}

/** One revision with its text; null when there is none of this number. */
export async function getLexiconRevision(db: Db, id: number): Promise<(LexiconRevisionRow & { body: string }) | null> {
  const { rows } = await sql<LexiconRevisionRow & { body: string }>`select ${columns}, body from lexicon_revision where id = ${id}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Newest first. */
export async function listLexiconRevisions(
  db: Db,
  { before = 2 ** 31 - 1, limit }: { before?: number | undefined; limit: number },
): Promise<LexiconRevisionRow[]> {
  const { rows } = await sql<LexiconRevisionRow>`
    select ${columns} from lexicon_revision where id < ${before} order by id desc limit ${limit}`.execute(db);
  return rows;
}

const columns = sql`id, digest, note, author, published_at as "publishedAt", length(body) as length`;
