import {
  type InhibitionView,
  idParams,
  inhibitionList,
  inhibitionRequest,
  type SilenceView,
  silenceList,
  silenceRequest,
} from '@guanlan/contracts';
import {
  addInhibition,
  addSilence,
  endInhibition,
  endSilence,
  type InhibitionRow,
  listInhibitions,
  listSilences,
  type SilenceRow,
} from '@guanlan/database';
import { GuanlanError, levelOfRank, levelRank } from '@guanlan/domain';
import { z } from 'zod';
import { change } from '../change.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

const created = z.object({ id: z.int() });
const longestMs = 30 * 86_400_000;

/** What is muted, for how long, why, and by whom: silences (by people) and inhibitions (by a graver case of the same place). */
export function addSilenceRoutes(app: ApiServer, context: ApiContext): void {
  const { db, clock } = context;

  app.get(
    '/api/v1/silences',
    {
      config: { permission: 'read' },
      schema: { summary: '静默，新的在前', tags: ['silence'], response: { 200: silenceList, default: problemResponse } },
    },
    async () => ({ rows: (await listSilences(db, 200)).map((row) => silenceViewOf(row, clock.now())) }),
  );

  app.post(
    '/api/v1/silences',
    {
      config: { permission: 'act' },
      schema: {
        summary: '新建静默：必须有期限和理由，特别重大不受影响',
        tags: ['silence'],
        body: silenceRequest,
        response: { 201: created, default: problemResponse },
      },
    },
    async (request, reply) => {
      const { maxLevel, startsAt, endsAt, ...rest } = request.body;
      const id = await change(context, request, 'silence.add', async (tx, { actor, now }) => {
        const span = { startsAt: startsAt === undefined ? now : new Date(startsAt), endsAt: new Date(endsAt) };
        refuseSpan(span, now);
        const added = await addSilence(tx, { ...rest, ...span, maxRank: levelRank(maxLevel), actor }, now);
        return { subject: `silence:${added}`, data: request.body, answer: added };
      });
      return reply.code(201).send({ id });
    },
  );

  app.get(
    '/api/v1/inhibitions',
    {
      config: { permission: 'read' },
      schema: { summary: '抑制规则，新的在前', tags: ['silence'], response: { 200: inhibitionList, default: problemResponse } },
    },
    async () => ({ rows: (await listInhibitions(db, 200)).map((row) => inhibitionViewOf(row, clock.now())) }),
  );

  app.post(
    '/api/v1/inhibitions',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '新建抑制规则：同一地点、同一类别的更高级别在办期间，低级别不再另行通知',
        tags: ['silence'],
        body: inhibitionRequest,
        response: { 201: created, default: problemResponse },
      },
    },
    async (request, reply) => {
      const { minLevel, endsAt, ...rest } = request.body;
      const id = await change(context, request, 'inhibition.add', async (tx, { actor, now }) => {
        const ends = endsAt === undefined ? null : new Date(endsAt);
        if (ends !== null && ends <= now) throw new GuanlanError('bad-input', '结束时间已经过去。');
        const added = await addInhibition(tx, { ...rest, minRank: levelRank(minLevel), startsAt: now, endsAt: ends, actor });
        return { subject: `inhibition:${added}`, data: request.body, answer: added };
      });
      return reply.code(201).send({ id });
    },
  );

  for (const [noun, permission, end] of [
    ['silence', 'act', endSilence],
    ['inhibition', 'manage', endInhibition],
  ] as const) {
    app.post(
      `/api/v1/${noun}s/:id/end`,
      {
        config: { permission },
        schema: { summary: '提前结束', tags: ['silence'], params: idParams, response: { 204: z.null(), default: problemResponse } },
      },
      async (request, reply) => {
        const { id } = request.params;
        await change(context, request, `${noun}.end`, async (tx, by) => {
          await end(tx, id, by);
          return { subject: `${noun}:${id}`, answer: null };
        });
        return reply.code(204).send(null);
      },
    );
  }
}

function refuseSpan({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }, now: Date): void {
  if (endsAt <= now || endsAt <= startsAt) throw new GuanlanError('bad-input', '结束时间应在开始之后，并且还没有过去。');
  if (endsAt.getTime() - now.getTime() > longestMs) throw new GuanlanError('bad-input', '静默最长 30 天，到期可以再建。');
}

function stateOf(row: { startsAt: Date; endsAt: Date | null; endedAt: Date | null }, now: Date): SilenceView['state'] {
  if (row.endedAt !== null || (row.endsAt !== null && row.endsAt <= now)) return 'over';
  return row.startsAt > now ? 'ahead' : 'active';
}

function silenceViewOf({ maxRank, ...row }: SilenceRow, now: Date): SilenceView {
  return {
    ...row,
    maxLevel: levelOfRank(maxRank),
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    state: stateOf(row, now),
  };
}

function inhibitionViewOf({ minRank, ...row }: InhibitionRow, now: Date): InhibitionView {
  return {
    ...row,
    minLevel: levelOfRank(minRank),
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    state: stateOf(row, now),
  };
}
