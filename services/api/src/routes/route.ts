import { idParams, type RouteView, routeList, routeRequest } from '@guanlan/contracts';
import { defaultRoute, listRoutes, type Route, removeRoute, saveRoute } from '@guanlan/database';
import { levelOfRank, levelRank } from '@guanlan/domain';
import { z } from 'zod';
import { change } from '../change.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { problemResponse } from '../problem.ts';

const saved = z.object({ id: z.int() });

/** The routing tree. */
export function addRouteRoutes(app: ApiServer, context: ApiContext): void {
  const { db } = context;

  app.get(
    '/api/v1/routes',
    {
      config: { permission: 'read' },
      schema: { summary: '路由树，同级按先后', tags: ['route'], response: { 200: routeList, default: problemResponse } },
    },
    async () => {
      const rows = await listRoutes(db);
      const last = defaultRoute(rows)?.id;
      return { rows: rows.map((row) => routeViewOf(row, row.id === last)) };
    },
  );

  app.post(
    '/api/v1/routes',
    {
      config: { permission: 'manage' },
      schema: { summary: '添加路由', tags: ['route'], body: routeRequest, response: { 201: saved, default: problemResponse } },
    },
    async (request, reply) => {
      const id = await change(context, request, 'route.add', async (tx) => {
        const added = await saveRoute(tx, routeOf(request.body, null));
        return { subject: `route:${added}`, data: request.body, answer: added };
      });
      return reply.code(201).send({ id });
    },
  );

  app.put(
    '/api/v1/routes/:id',
    {
      config: { permission: 'manage' },
      schema: {
        summary: '修改路由',
        tags: ['route'],
        params: idParams,
        body: routeRequest,
        response: { 200: saved, default: problemResponse },
      },
    },
    async (request) =>
      change(context, request, 'route.change', async (tx) => {
        const id = await saveRoute(tx, routeOf(request.body, request.params.id));
        return { subject: `route:${id}`, data: request.body, answer: { id } };
      }),
  );

  app.delete(
    '/api/v1/routes/:id',
    {
      config: { permission: 'manage' },
      schema: { summary: '删除路由及其下级', tags: ['route'], params: idParams, response: { 204: z.null(), default: problemResponse } },
    },
    async (request, reply) => {
      const { id } = request.params;
      await change(context, request, 'route.remove', async (tx) => {
        await removeRoute(tx, id);
        return { subject: `route:${id}`, answer: null };
      });
      return reply.code(204).send(null);
    },
  );
}

function routeOf<Id extends number | null>(given: z.output<typeof routeRequest>, id: Id): Omit<Route, 'id'> & { id: Id } {
  const { minLevel, quiet, digest, ...rest } = given;
  return {
    ...rest,
    id,
    minRank: levelRank(minLevel),
    quiet: quiet === null ? null : { fromMinute: quiet.fromMinute, toMinute: quiet.toMinute, floorRank: levelRank(quiet.floor) },
    digest: digest === null ? null : { maxRank: levelRank(digest.maxLevel), atMinutes: digest.atMinutes },
  };
}

function routeViewOf({ minRank, quiet, digest, ...row }: Route, isDefault: boolean): RouteView {
  return {
    ...row,
    isDefault,
    minLevel: levelOfRank(minRank),
    categories: [...row.categories],
    places: [...row.places],
    groups: [...row.groups],
    quiet: quiet === null ? null : { fromMinute: quiet.fromMinute, toMinute: quiet.toMinute, floor: floors[quiet.floorRank] ?? 'I' },
    digest: digest === null ? null : { maxLevel: mosts[digest.maxRank] ?? 'IV', atMinutes: [...digest.atMinutes] },
  };
}

const floors: Partial<Record<number, 'I' | 'II' | 'III'>> = { 2: 'III', 3: 'II', 4: 'I' };
const mosts: Partial<Record<number, 'II' | 'III' | 'IV'>> = { 1: 'IV', 2: 'III', 3: 'II' };
