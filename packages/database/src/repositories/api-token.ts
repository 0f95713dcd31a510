import { createHash, randomBytes } from 'node:crypto';
import { GuanlanError } from '@guanlan/domain';
import type { Db } from '../connect.ts';

const touchMs = 60_000;

/** What a token may do: see what an analyst sees; hand over items; act on alerts, sources and trainings. None includes another. */
export const apiTokenScopes = ['read', 'intake', 'write'] as const;
export type ApiTokenScope = (typeof apiTokenScopes)[number];

export interface ApiToken {
  id: number;
  name: string;
  scopes: string[];
  /** What it hands over counts as about this county. */
  local: boolean;
}

export interface ApiTokenRow extends ApiToken {
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

/**
 * Makes a token `gl_…` (256 random bits). It is in the answer only: the row holds its hash. Throws `bad-input` for a scope
 * that does not exist, `conflict` when a token of that name works already.
 */
export async function createApiToken(
  db: Db,
  token: { name: string; scopes: readonly string[]; local?: boolean; now: Date },
): Promise<ApiToken & { token: string }> {
  const unknown = token.scopes.filter((scope) => !apiTokenScopes.some((known) => known === scope));
  if (unknown.length > 0 || token.scopes.length === 0) {
    throw new GuanlanError(
      'bad-input',
      `令牌范围应为 ${apiTokenScopes.join('、')} 中的一个或几个${unknown.length > 0 ? `，不认识 ${unknown.join('、')}` : ''}。`,
    );
  }
  const secret = `gl_${randomBytes(32).toString('base64url')}`;
  const row = await db
    .insertInto('api_token')
    .values({
      ...{ name: token.name, scopes: [...new Set(token.scopes)], local: token.local ?? false },
      ...{ token_hash: tokenHash(secret), created_at: token.now },
    })
    .onConflict((oc) => oc.column('name').where('revoked_at', 'is', null).doNothing())
    .returning(['id', 'name', 'scopes', 'local'])
    .executeTakeFirst();
  if (!row) throw new GuanlanError('conflict', `名为“${token.name}”的令牌已存在，请换一个名字或先撤销它。`);
  return { ...row, token: secret };
}

/** The token's row, or null when it is unknown or revoked. Notes when it was used, at most once a minute. */
export async function findApiToken(db: Db, token: string, now: Date): Promise<ApiToken | null> {
  const row = await db
    .selectFrom('api_token')
    .select(['id', 'name', 'scopes', 'local', 'last_used_at'])
    .where('token_hash', '=', tokenHash(token))
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (!row) return null;
  if (row.last_used_at === null || now.getTime() - row.last_used_at.getTime() >= touchMs) {
    await db.updateTable('api_token').set({ last_used_at: now }).where('id', '=', row.id).execute();
  }
  return { id: row.id, name: row.name, scopes: row.scopes, local: row.local };
}

/** Every token, oldest first, revoked ones included; never the tokens themselves. */
export async function listApiTokens(db: Db): Promise<ApiTokenRow[]> {
  const rows = await db.selectFrom('api_token').selectAll().orderBy('id').execute();
  return rows.map((r) => ({
    id: r.id,
    name: r.name,
    scopes: r.scopes,
    local: r.local,
    createdAt: r.created_at,
    lastUsedAt: r.last_used_at,
    revokedAt: r.revoked_at,
  }));
}

/** Ends a token. Returns whether there was one that worked. */
export async function revokeApiToken(db: Db, id: number, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('api_token')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
