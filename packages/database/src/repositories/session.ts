import { createHash, randomBytes } from 'node:crypto';
import type { Db } from '../connect.ts';
import type { Account } from './account.ts';

/** A session ends after half an hour without a request, and after twelve hours in any case. */
export const sessionLimits = { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000 };

/** A request notes when the session was seen at most this often. */
const touchMs = 60_000;

export interface Session {
  account: Account;
  expiresAt: Date;
}

/** Opens a session. The token (256 random bits) is in the answer only: the row holds its hash. */
export async function createSession(db: Db, accountId: number, now: Date): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + sessionLimits.absoluteMs);
  await db.deleteFrom('session').where('expires_at', '<=', now).execute();
  await db
    .insertInto('session')
    .values({ token_hash: tokenHash(token), account_id: accountId, created_at: now, seen_at: now, expires_at: expiresAt })
    .execute();
  return { token, expiresAt };
}

/**
 * The session of a token, or null when it has ended or its account is disabled. `touch: false` looks without counting as
 * activity (an open stream does not keep a session alive).
 */
export async function findSession(
  db: Db,
  token: string,
  now: Date,
  options: { touch: boolean } = { touch: true },
): Promise<Session | null> {
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .select(['account.id', 'account.name', 'account.role', 'session.seen_at', 'session.expires_at'])
    .where('session.token_hash', '=', tokenHash(token))
    .where('session.expires_at', '>', now)
    .where('session.seen_at', '>', new Date(now.getTime() - sessionLimits.idleMs))
    .where('account.disabled_at', 'is', null)
    .executeTakeFirst();
  if (!row) return null;
  if (options.touch && now.getTime() - row.seen_at.getTime() >= touchMs) {
    await db.updateTable('session').set({ seen_at: now }).where('token_hash', '=', tokenHash(token)).execute();
  }
  return { account: { id: row.id, name: row.name, role: row.role }, expiresAt: row.expires_at };
}

export async function endSession(db: Db, token: string): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash(token)).execute();
}

function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
