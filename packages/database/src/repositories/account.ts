import { GuanlanError } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { Role } from '../schema/account.ts';

export interface Account {
  id: number;
  name: string;
  role: Role;
}

/** Five wrong passwords in a row close an account for a quarter of an hour. */
export const lockout = { failures: 5, ms: 15 * 60_000 };

/** Creates an account. Throws `conflict` when the name is taken. */
export async function createAccount(db: Db, account: { name: string; role: Role; passwordHash: string }, now: Date): Promise<Account> {
  const row = await db
    .insertInto('account')
    .values({ name: account.name, role: account.role, password_hash: account.passwordHash, created_at: now })
    .onConflict((oc) => oc.column('name').doNothing())
    .returning(['id', 'name', 'role'])
    .executeTakeFirst();
  if (!row) throw new GuanlanError('conflict', `账号“${account.name}”已存在，请换一个名字。`);
  return row;
}

/** Whether any account exists, disabled ones included: the setup link is for a fresh installation only. */
export async function hasAccount(db: Db): Promise<boolean> {
  const row = await db.selectFrom('account').select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

export type LoginAttempt =
  | { result: 'try'; account: Account; passwordHash: string }
  | { result: 'locked'; account: Account; until: Date }
  | { result: 'unknown' };

/**
 * Opens an attempt to sign in. It is counted as failed before the password is looked at, so that many guesses at the same
 * moment are bounded like guesses one after another; {@link clearFailedLogins} takes the count back on success.
 */
export async function beginLogin(db: Db, name: string, now: Date): Promise<LoginAttempt> {
  const { rows } = await sql<Account & { passwordHash: string }>`
    update account set
      failed_logins = case when locked_until is null then failed_logins + 1 else 1 end,
      locked_until = case when locked_until is null and failed_logins + 1 >= ${lockout.failures}
        then ${new Date(now.getTime() + lockout.ms)}::timestamptz end
    where name = ${name} and disabled_at is null and (locked_until is null or locked_until <= ${now})
    returning id, name, role, password_hash as "passwordHash"`.execute(db);
  const open = rows[0];
  if (open) return { result: 'try', account: { id: open.id, name: open.name, role: open.role }, passwordHash: open.passwordHash };
  const locked = await db
    .selectFrom('account')
    .select(['id', 'name', 'role', 'locked_until'])
    .where('name', '=', name)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (!locked?.locked_until) return { result: 'unknown' };
  return { result: 'locked', account: { id: locked.id, name: locked.name, role: locked.role }, until: locked.locked_until };
}

export async function clearFailedLogins(db: Db, accountId: number): Promise<void> {
  await db.updateTable('account').set({ failed_logins: 0, locked_until: null }).where('id', '=', accountId).execute();
}
