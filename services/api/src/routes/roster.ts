import { handoverRequest, idParams, type RosterView, receiverRequest, rosterView, shiftRequest, swapRequest } from '@guanlan/contracts';
import {
  addHandover,
  addReceiver,
  addShift,
  addSwap,
  changeReceiver,
  type Db,
  listHandovers,
  listReceivers,
  loadRoster,
  removeReceiver,
  removeShift,
  removeSwap,
} from '@guanlan/database';
import { dateOf, dayStart, GuanlanError, gapsBetween, type Shift, shiftAt, shiftsBetween } from '@guanlan/domain';
import { dayKindOf, holidayGap } from '@guanlan/runtime';
import { z } from 'zod';
import { change } from '../change.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

const created = z.object({ id: z.int() });
/** Days of the roster that are shown and looked at for gaps. */
const shownDays = 14;
/** A note may be written so long before the end of the shift. */
const handoverEarlyMs = 2 * 3_600_000;

/** The roster and the colleagues in it. */
export function addRosterRoutes(app: ApiServer, context: ApiContext): void {
  const { db, clock } = context;

  app.get(
    '/api/v1/roster',
    {
      config: { permission: 'read' },
      schema: {
        summary: '值班表：每周安排、换班、此后两周、交班说明',
        tags: ['roster'],
        response: { 200: rosterView, default: problemResponse },
      },
    },
    async () => rosterOf(db, clock.now()),
  );

  const add = <Body extends z.ZodType>(
    url: string,
    act: string,
    permission: 'act' | 'manage',
    summary: string,
    body: Body,
    work: (tx: Db, given: z.output<Body>, by: { actor: string; now: Date }) => Promise<number>,
  ) => {
    app.post(
      url,
      { config: { permission }, schema: { summary, tags: ['roster'], body, response: { 201: created, default: problemResponse } } },
      async (request, reply) => {
        const given = request.body as z.output<Body>;
        const id = await change(context, request, `${act}.add`, async (tx, by) => {
          const added = await work(tx, given, by);
          return { subject: `${act}:${added}`, data: given as Record<string, unknown>, answer: added };
        });
        return reply.code(201).send({ id });
      },
    );
  };
  const remove = (
    url: string,
    act: string,
    permission: 'act' | 'manage',
    summary: string,
    work: (tx: Db, id: number, now: Date) => Promise<void>,
  ) => {
    app.delete(
      url,
      {
        config: { permission },
        schema: { summary, tags: ['roster'], params: idParams, response: { 204: z.null(), default: problemResponse } },
      },
      async (request, reply) => {
        const { id } = request.params;
        await change(context, request, `${act}.remove`, async (tx, { now }) => {
          await work(tx, id, now);
          return { subject: `${act}:${id}`, answer: null };
        });
        return reply.code(204).send(null);
      },
    );
  };

  add('/api/v1/receivers', 'receiver', 'manage', '添加接收人', receiverRequest, (tx, given, { now }) => addReceiver(tx, given, now));
  remove('/api/v1/receivers/:id', 'receiver', 'manage', '移除接收人', removeReceiver);
  add('/api/v1/roster/shifts', 'shift', 'manage', '添加班次', shiftRequest, (tx, given, { now }) => addShift(tx, given, now));
  remove('/api/v1/roster/shifts/:id', 'shift', 'manage', '移除班次', removeShift);
  add('/api/v1/roster/swaps', 'swap', 'act', '登记换班', swapRequest, (tx, { from, to, ...given }, { actor, now }) => {
    if (from >= to) throw new GuanlanError('bad-input', '换班的结束时间应在开始之后。');
    return addSwap(tx, { ...given, from: new Date(from), to: new Date(to), actor }, now);
  });
  remove('/api/v1/roster/swaps/:id', 'swap', 'act', '取消换班', removeSwap);
  add('/api/v1/roster/handovers', 'handover', 'act', '交班', handoverRequest, async (tx, { note }, { actor, now }) => {
    const shift = shiftAt({ ...(await loadRoster(tx, now)), dayKind: dayKindOf }, now);
    return addHandover(tx, { at: now, actor, shift: shift?.name ?? '（值班表中无班次）', note });
  });

  app.put(
    '/api/v1/receivers/:id',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '修改接收人',
        tags: ['roster'],
        params: idParams,
        body: receiverRequest,
        response: { 204: z.null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      await change(context, request, 'receiver.change', async (tx) => {
        await changeReceiver(tx, { id: params.id, ...body });
        return { subject: `receiver:${params.id}`, data: body, answer: null };
      });
      return reply.code(204).send(null);
    },
  );
}

async function rosterOf(db: Db, now: Date): Promise<RosterView> {
  const { patterns, swaps } = await loadRoster(db, now);
  const roster = { patterns, swaps, dayKind: dayKindOf };
  const until = dayStart(now, shownDays);
  const iso = ({ from, to }: { from: Date; to: Date }) => ({ from: from.toISOString(), to: to.toISOString() });
  const view = (shift: Shift) => ({ ...shift, ...iso(shift) });
  const shift = shiftAt(roster, now);
  const handovers = await listHandovers(db, 20);
  const ended = shiftsBetween(roster, dayStart(now, -2), now)
    .filter(({ to }) => to <= now)
    .at(-1);
  const noted = ended === undefined || handovers.some(({ at }) => at.getTime() >= ended.to.getTime() - handoverEarlyMs);
  return {
    now: shift === null ? null : view(shift),
    shifts: shiftsBetween(roster, dayStart(now), until).map(view),
    gaps: patterns.length === 0 ? [] : gapsBetween(roster, now, until).map(iso),
    days: Array.from({ length: shownDays }, (_, n) => dayStart(now, n)).map((day) => ({ date: dateOf(day), kind: dayKindOf(day) })),
    holidayNote: holidayGap(until),
    patterns: patterns.map((pattern) => ({ ...pattern, weekdays: [...pattern.weekdays], receiverIds: [...pattern.receiverIds] })),
    swaps: swaps.map((swap) => ({ ...swap, ...iso(swap) })),
    receivers: await listReceivers(db),
    handoverMissing: noted ? null : ended.name,
    handovers: handovers.map((row) => ({ ...row, at: row.at.toISOString() })),
  };
}
