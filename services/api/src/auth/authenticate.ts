import {
  type Account,
  type ApiToken,
  type ApiTokenScope,
  findApiToken,
  findReportUnit,
  findSession,
  type ReportUnit,
} from '@guanlan/database';
import { GuanlanError } from '@guanlan/domain';
import type { FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.ts';
import { readSessionCookie } from './cookie.ts';
import { requireSameOrigin } from './origin.ts';
import { type Permission, rolePermissions, scopePermissions } from './permission.ts';

/** Who asks: a person with a session, a program with a token, or a reporting unit with its link's token. */
export type Actor = { name: string; permissions: ReadonlySet<Permission> } & (
  | { kind: 'account'; account: Account; sessionToken: string; expiresAt: Date }
  | { kind: 'token'; token: ApiToken }
  | { kind: 'unit'; unit: ReportUnit }
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

const unitPermissions: ReadonlySet<Permission> = new Set(['report']);
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Finds out who asks and whether they may. Throws `unauthenticated` or `forbidden`. */
export async function authenticate(context: ApiContext, request: FastifyRequest): Promise<void> {
  request.actor = await actorOf(context, request);
  // A token is never sent by a browser on its own, so only cookies (and signing in) can be abused by another site.
  if (!safeMethods.has(request.method) && (request.actor === null || request.actor.kind === 'account')) requireSameOrigin(context, request);
  const needed = request.routeOptions.config.permission;
  if (needed === 'none') return;
  if (request.actor === null) throw new GuanlanError('unauthenticated', '请先登录，或在 Authorization 请求头中带上接口令牌。');
  if (needed === undefined || !request.actor.permissions.has(needed)) {
    throw new GuanlanError(
      'forbidden',
      request.actor.kind !== 'account' ? '这个令牌的范围不包括此操作。' : '您的角色不能进行此操作，请联系管理员。',
    );
  }
}

/** The asker, on a route that demands one. */
export function actorIn(request: FastifyRequest): Actor {
  if (request.actor === null) throw new GuanlanError('unauthenticated', '请先登录。');
  return request.actor;
}

/** The unit whose link was used, on a route that demands `report`. */
export function unitIn(request: FastifyRequest): ReportUnit {
  const actor = actorIn(request);
  if (actor.kind !== 'unit') throw new GuanlanError('forbidden', '只有直报单位的链接可以上报。');
  return actor.unit;
}

async function actorOf({ db, clock }: ApiContext, request: FastifyRequest): Promise<Actor | null> {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const link = /^Bearer +(gu_[\w-]+)$/u.exec(header)?.[1];
    if (link !== undefined) {
      const unit = await findReportUnit(db, link, clock.now());
      if (unit === null) throw new GuanlanError('unauthenticated', '这个直报链接无效或已停用，请联系县网信办要新的链接。');
      return { kind: 'unit', name: unit.name, unit, permissions: unitPermissions };
    }
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
