import { loginRequest, type SessionView, sessionView } from '@guanlan/contracts';
import { type Account, appendAudit, beginLogin, clearFailedLogins, createSession, endSession, hasAccount } from '@guanlan/database';
import { GuanlanError, minuteOf } from '@guanlan/domain';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { clearSessionCookie, setSessionCookie } from '../auth/cookie.ts';
import { pretendToVerify, verifyPassword } from '../auth/password.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

/** Signing in is slow on purpose, and this bounds how much of it one address can ask for. */
export const signInRate = { max: 10, timeWindow: 60_000 };

export function addSessionRoutes(app: ApiServer, context: ApiContext): void {
  const { db, clock } = context;

  app.get(
    '/api/v1/session',
    {
      config: { permission: 'none' },
      schema: { summary: '当前登录', tags: ['session'], security: [], response: { 200: sessionView, default: problemResponse } },
    },
    async ({ actor }) => {
      if (actor?.kind === 'account') return { account: actor.account, setupNeeded: false, expiresAt: actor.expiresAt.toISOString() };
      return { account: null, setupNeeded: !(await hasAccount(db)), expiresAt: null };
    },
  );

  app.post(
    '/api/v1/session',
    {
      config: { permission: 'none', rateLimit: signInRate },
      schema: {
        summary: '登录',
        tags: ['session'],
        security: [],
        body: loginRequest,
        response: { 200: sessionView, default: problemResponse },
      },
    },
    async ({ body }, reply) => {
      const account = await signIn(context, body);
      return openSession(context, reply, account);
    },
  );

  app.delete(
    '/api/v1/session',
    {
      config: { permission: 'none' },
      schema: { summary: '退出', tags: ['session'], security: [], response: { 204: z.null(), default: problemResponse } },
    },
    async ({ actor }, reply) => {
      if (actor?.kind === 'account') {
        await endSession(db, actor.sessionToken);
        await appendAudit(db, { at: clock.now(), actor: actor.name, act: 'session.logout', subject: `account:${actor.account.id}` });
      }
      clearSessionCookie(context, reply);
      return reply.code(204).send(null);
    },
  );
}

/** Opens a session, sets its cookie and answers what `GET /api/v1/session` would. */
export async function openSession(context: ApiContext, reply: FastifyReply, account: Account): Promise<SessionView> {
  const { db, clock } = context;
  const now = clock.now();
  const { token, expiresAt } = await createSession(db, account.id, now);
  await appendAudit(db, { at: now, actor: account.name, act: 'session.login', subject: `account:${account.id}` });
  setSessionCookie(context, reply, token, expiresAt);
  return { account, setupNeeded: false, expiresAt: expiresAt.toISOString() };
}

async function signIn({ db, clock }: ApiContext, { name, password }: { name: string; password: string }): Promise<Account> {
  const now = clock.now();
  const attempt = await beginLogin(db, name, now);
  if (attempt.result === 'locked') {
    await appendAudit(db, {
      at: now,
      actor: attempt.account.name,
      act: 'session.refused',
      subject: `account:${attempt.account.id}`,
      data: { reason: 'locked' },
    });
    throw new GuanlanError('too-many-requests', `密码连续输错，账号已锁定到 ${minuteOf(attempt.until)}，届时再试。`, {
      details: { retryAfterSeconds: Math.ceil((attempt.until.getTime() - now.getTime()) / 1_000) },
    });
  }
  if (attempt.result === 'try') {
    if (await verifyPassword(password, attempt.passwordHash)) {
      await clearFailedLogins(db, attempt.account.id);
      return attempt.account;
    }
    await appendAudit(db, { at: now, actor: attempt.account.name, act: 'session.failed', subject: `account:${attempt.account.id}` });
  } else {
    await pretendToVerify(password);
    // What was typed as a name may be a password in the wrong box: it is not written down.
    await appendAudit(db, { at: now, actor: 'unknown', act: 'session.failed', subject: 'account:unknown' });
  }
  throw new GuanlanError('unauthenticated', '账号或密码不对。');
}
