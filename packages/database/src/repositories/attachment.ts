import type { AttachmentType } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** A file that arrived; its bytes lie in the data folder under its SHA-256. */
export interface Attachment {
  /** Hexadecimal, of the bytes as they are stored. */
  sha256: string;
  mediaType: AttachmentType;
  bytes: number;
}

/** Notes a unit's file. The same bytes from the same unit are the same row. */
export async function addAttachment(db: Db, unitId: number, file: Attachment, now: Date): Promise<void> {
  await db
    .insertInto('attachment')
    .values({ unit_id: unitId, sha256: Buffer.from(file.sha256, 'hex'), media_type: file.mediaType, bytes: file.bytes, stored_at: now })
    .onConflict((oc) => oc.columns(['unit_id', 'sha256']).doUpdateSet({ stored_at: now }))
    .execute();
}

/** Those of the named files that this unit has sent, by their SHA-256. */
export async function findAttachments(db: Db, unitId: number, hashes: readonly string[]): Promise<Map<string, Attachment>> {
  if (hashes.length === 0) return new Map();
  const rows = await db
    .selectFrom('attachment')
    .select(['sha256', 'media_type', 'bytes'])
    .where('unit_id', '=', unitId)
    .where(
      'sha256',
      'in',
      hashes.map((hash) => Buffer.from(hash, 'hex')),
    )
    .execute();
  return new Map(
    rows.map((row) => {
      const sha256 = row.sha256.toString('hex');
      return [sha256, { sha256, mediaType: row.media_type, bytes: row.bytes }];
    }),
  );
}

/** How many files of this unit no report names yet. */
export async function countLooseAttachments(db: Db, unitId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from attachment a
    where unit_id = ${unitId} and not exists (select 1 from report_attachment r where r.sha256 = a.sha256)`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Forgets files from before `until` that no report names. Returns the SHA-256 of those that nobody has any more: their bytes may go. */
export async function dropLooseAttachments(db: Db, until: Date): Promise<string[]> {
  const { rows } = await sql<{ sha256: Buffer }>`
    delete from attachment a
    where stored_at < ${until} and not exists (select 1 from report_attachment r where r.sha256 = a.sha256)
    returning sha256`.execute(db);
  const hashes = [...new Set(rows.map((row) => row.sha256.toString('hex')))];
  const kept = await db
    .selectFrom('attachment')
    .select('sha256')
    .where('sha256', 'in', hashes.length === 0 ? [Buffer.alloc(0)] : hashes.map((hash) => Buffer.from(hash, 'hex')))
    .execute();
  const held = new Set(kept.map((row) => row.sha256.toString('hex')));
  return hashes.filter((hash) => !held.has(hash));
}
