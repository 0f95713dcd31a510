import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { locks } from '../locks.ts';

const verifyBatch = 1_000;
const noHash = Buffer.alloc(32);

/** One act. `actor` is an account's or a token's name, or `cli`; never a secret in `data`. */
export interface AuditEntry {
  at: Date;
  actor: string;
  act: string;
  subject: string;
  data?: Record<string, unknown>;
}

export interface StoredAuditEntry extends Required<AuditEntry> {
  id: number;
  hash: Buffer;
}

/**
 * Appends to the log. Inside a transaction it becomes part of it, and then should be its last statement: the lock is held
 * until the commit. `hash` = SHA-256 over the previous entry's hash followed by the entry's canonical JSON.
 */
export async function appendAudit(db: Db, entry: AuditEntry): Promise<number> {
  return db.isTransaction ? append(db, entry) : db.transaction().execute((tx) => append(tx, entry));
}

/**
 * Computes the whole chain anew, in batches. `brokenAt` is the first entry that does not fit: changed, or preceded by a
 * missing one. `head` (hexadecimal) is the last entry's hash; only a copy of it kept elsewhere shows a log cut off at its end.
 */
export async function verifyAudit(db: Db): Promise<{ ok: boolean; entries: number; head: string; brokenAt?: number }> {
  let previous: Buffer = noHash;
  let last = 0;
  for (;;) {
    const rows = await db.selectFrom('audit_entry').selectAll().where('id', '>', last).orderBy('id').limit(verifyBatch).execute();
    for (const row of rows) {
      const fits = row.id === last + 1 && row.previous_hash.equals(previous) && row.hash.equals(hashOf(previous, row));
      if (!fits) return { ok: false, entries: last, head: previous.toString('hex'), brokenAt: row.id };
      previous = row.hash;
      last = row.id;
    }
    if (rows.length < verifyBatch) return { ok: true, entries: last, head: previous.toString('hex') };
  }
}

/** Newest first. */
export async function listAudit(db: Db, options: { before?: number | undefined; limit: number }): Promise<StoredAuditEntry[]> {
  let query = db.selectFrom('audit_entry').select(['id', 'at', 'actor', 'act', 'subject', 'data', 'hash']);
  if (options.before !== undefined) query = query.where('id', '<', options.before);
  return query.orderBy('id', 'desc').limit(options.limit).execute();
}

async function append(tx: Db, entry: AuditEntry): Promise<number> {
  await sql`select pg_advisory_xact_lock(${locks.audit})`.execute(tx);
  const last = await tx.selectFrom('audit_entry').select(['id', 'hash']).orderBy('id', 'desc').limit(1).executeTakeFirst();
  const previous = last?.hash ?? noHash;
  const row = {
    id: (last?.id ?? 0) + 1,
    at: entry.at,
    actor: storable(entry.actor),
    act: storable(entry.act),
    subject: storable(entry.subject),
    data: JSON.parse(JSON.stringify(entry.data ?? {}, (_, value) => (typeof value === 'string' ? storable(value) : value))),
  };
  await tx
    .insertInto('audit_entry')
    .values({ ...row, data: JSON.stringify(row.data), previous_hash: previous, hash: hashOf(previous, row) })
    .execute();
  return row.id;
}

type Hashed = { id: number; at: Date; actor: string; act: string; subject: string; data: Record<string, unknown> };

function hashOf(previous: Buffer, { id, at, actor, act, subject, data }: Hashed): Buffer {
  const entry = canonical({ id, at: at.toISOString(), actor, act, subject, data });
  return createHash('sha256').update(previous).update(entry).digest();
}

/** JSON with the keys of every object in order, because jsonb keeps none. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** PostgreSQL holds neither NUL nor lone surrogates, and what is hashed must be what is read back. */
function storable(value: string): string {
  return value.toWellFormed().replaceAll('\u0000', '');
}
