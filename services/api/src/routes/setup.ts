import { sessionView, setupRequest } from '@guanlan/contracts';
import { redeemSetupLink } from '@guanlan/database';
import { checkPassword, hashPassword } from '../auth/password.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';
import { openSession, signInRate } from './session.ts';

/** The first account, by the one-time link that the start prints. There is never a default password. */
export function addSetupRoutes(app: ApiServer, context: ApiContext): void {
  app.post(
    '/api/v1/setup',
    {
      config: { permission: 'none', rateLimit: signInRate },
      schema: {
        summary: '用一次性链接建立第一个账号',
        tags: ['session'],
        security: [],
        body: setupRequest,
        response: { 201: sessionView, default: problemResponse },
      },
    },
    async ({ body: { token, name, password } }, reply) => {
      checkPassword(password, name);
      const account = await redeemSetupLink(context.db, { token, name, passwordHash: await hashPassword(password) }, context.clock.now());
      reply.code(201);
      return openSession(context, reply, account);
    },
  );
}
