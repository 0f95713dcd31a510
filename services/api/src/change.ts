import { appendAudit, type Db } from '@guanlan/database';
import type { FastifyRequest } from 'fastify';
import { actorIn } from './auth/authenticate.ts';
import type { ApiContext } from './context.ts';

/** What a person changes and its line in the audit log, as one commit. `work` returns what the line is about and what is answered. */
export function change<T>(
  { db, clock }: Pick<ApiContext, 'db' | 'clock'>,
  request: FastifyRequest,
  act: string,
  work: (tx: Db, by: { actor: string; now: Date }) => Promise<{ subject: string; data?: Record<string, unknown>; answer: T }>,
): Promise<T> {
  const actor = actorIn(request).name;
  return db.transaction().execute(async (tx) => {
    const now = clock.now();
    const { subject, data = {}, answer } = await work(tx, { actor, now });
    await appendAudit(tx, { at: now, actor, act, subject, data });
    return answer;
  });
}
