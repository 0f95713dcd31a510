import { type Account, type ApiToken, type ApiTokenScope, findApiToken, findSession } from '@guanlan/database';
import { GuanlanError } from '@guanlan/domain';
import type { FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.ts';
import { readSessionCookie } from './cookie.ts';
import { requireSameOrigin } from './origin.ts';
import { type Permission, rolePermissions, scopePermissions } from './permission.ts';

/** Who asks: a person with a session, or a program with a token. */
export type Actor = { name: string; permissions: ReadonlySet<Permission> } & (
  | { kind: 'account'; account: Account; sessionToken: string; expiresAt: Date }
  | { kind: 'token'; token: ApiToken }
);

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null;
  }
  interface FastifyContextConfig {
    /** What the asker must be allowed to do. Every route under /api/v1 says it; one that does not is refused at start. */
    permission?: Permission;
  }
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Finds out who asks and whether they may. Throws `unauthenticated` or `forbidden`. */
export async function authenticate(context: ApiContext, request: FastifyRequest): Promise<void> {
  request.actor = await actorOf(context, request);
  // A token is never sent by a browser on its own, so only cookies (and signing in) can be abused by another site.
  if (!safeMethods.has(request.method) && request.actor?.kind !== 'token') requireSameOrigin(context, request);
  const needed = request.routeOptions.config.permission;
  if (needed === 'none') return;
  if (request.actor === null) throw new GuanlanError('unauthenticated', '请先登录，或在 Authorization 请求头中带上接口令牌。');
  if (needed === undefined || !request.actor.permissions.has(needed)) {
    throw new GuanlanError(
      'forbidden',
      request.actor.kind === 'token' ? '这个令牌的范围不包括此操作。' : '您的角色不能进行此操作，请联系管理员。',
    );
  }
}

/** The asker, on a route that demands one. */
export function actorIn(request: FastifyRequest): Actor {
  if (request.actor === null) throw new GuanlanError('unauthenticated', '请先登录。');
  return request.actor;
}

async function actorOf({ db, clock }: ApiContext, request: FastifyRequest): Promise<Actor | null> {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const secret = /^Bearer +(gl_[\w-]+)$/iu.exec(header)?.[1];
    const token = secret === undefined ? null : await findApiToken(db, secret, clock.now());
    if (token === null) throw new GuanlanError('unauthenticated', '接口令牌无效或已撤销。');
    return {
      kind: 'token',
      name: token.name,
      token,
      permissions: new Set(token.scopes.flatMap((s) => scopePermissions[s as ApiTokenScope] ?? [])),
    };
  }
  const sessionToken = readSessionCookie(request);
  if (sessionToken === null) return null;
  const session = await findSession(db, sessionToken, clock.now());
  if (session === null) return null;
  const { account, expiresAt } = session;
  return { kind: 'account', name: account.name, account, sessionToken, expiresAt, permissions: rolePermissions[account.role] };
}
