import { createHash, randomBytes } from 'node:crypto';
import { GuanlanError } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { locks } from '../locks.ts';
import { type Account, createAccount, hasAccount } from './account.ts';
import { appendAudit } from './audit.ts';

const validMs = 24 * 3_600_000;

/**
 * Makes the one-time token that creates the first account. Valid for 24 hours and only while no account exists; an older
 * unused one stops working. Null when an account exists: then there is nothing to set up.
 */
export async function createSetupLink(db: Db, now: Date): Promise<string | null> {
  const token = randomBytes(32).toString('base64url');
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${locks.setupLink})`.execute(tx);
    if (await hasAccount(tx)) return null;
    await tx.deleteFrom('setup_link').where('used_at', 'is', null).execute();
    await tx
      .insertInto('setup_link')
      .values({ token_hash: tokenHash(token), created_at: now, expires_at: new Date(now.getTime() + validMs) })
      .execute();
    return token;
  });
}

/** Creates the first administrator by the link's token, once. Throws `forbidden` when the token is not (or no longer) good. */
export async function redeemSetupLink(db: Db, setup: { token: string; name: string; passwordHash: string }, now: Date): Promise<Account> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${locks.setupLink})`.execute(tx);
    const used = await tx
      .updateTable('setup_link')
      .set({ used_at: now })
      .where('token_hash', '=', tokenHash(setup.token))
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    if (used.numUpdatedRows === 0n || (await hasAccount(tx))) {
      throw new GuanlanError('forbidden', '设置链接无效、已用过或已过期；重新启动程序会给出新的链接（仅在还没有账号时）。');
    }
    const account = await createAccount(tx, { name: setup.name, role: 'admin', passwordHash: setup.passwordHash }, now);
    await appendAudit(tx, {
      at: now,
      actor: account.name,
      act: 'account.setup',
      subject: `account:${account.id}`,
      data: { role: 'admin' },
    });
    return account;
  });
}

function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
