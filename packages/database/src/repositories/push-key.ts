import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export interface PushKeyRow {
  publicKey: string;
  privateKey: string;
}

/** The installation's key pair for Web Push, made at the first call; whoever calls at the same time gets the same one. */
export async function pushKey(db: Db, make: () => PushKeyRow): Promise<PushKeyRow> {
  const read = async () => {
    const row = await db.selectFrom('push_key').select(['public_key', 'private_key']).executeTakeFirst();
    return row && { publicKey: row.public_key, privateKey: row.private_key };
  };
  const known = await read();
  if (known) return known;
  const { publicKey, privateKey } = make();
  await sql`insert into push_key (public_key, private_key) values (${publicKey}, ${privateKey}) on conflict do nothing`.execute(db);
  return (await read()) ?? { publicKey, privateKey };
}
