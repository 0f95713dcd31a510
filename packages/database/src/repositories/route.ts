import { GuanlanError, type RouteNode } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** A node of the routing tree, as its row has it. */
export interface Route extends RouteNode {
  channelIds: number[];
  receiverIds: number[];
}

/** Every node; siblings in the order they are tried. The last at the top is the default route. */
export async function listRoutes(db: Db): Promise<Route[]> {
  const rows = await db.selectFrom('route').selectAll().orderBy('position').orderBy('id').execute();
  return rows.map((row) => ({
    id: row.id,
    parentId: row.parent_id,
    position: row.position,
    name: row.name,
    minRank: row.min_rank,
    categories: row.categories,
    places: row.places,
    groups: row.groups,
    days: row.days,
    fromMinute: row.from_minute,
    toMinute: row.to_minute,
    channelIds: row.channel_ids,
    receiverIds: row.receiver_ids,
    onDuty: row.on_duty,
    quiet: row.quiet,
    digest: row.digest,
  }));
}

/** Of these nodes, the one that takes what no other at the top does. */
export function defaultRoute<Node extends RouteNode>(routes: readonly Node[]): Node | undefined {
  return routes.filter(({ parentId }) => parentId === null).at(-1);
}

/** Adds a node, or replaces one that has an id. Throws `conflict` for a place that is taken, `bad-input` for a loop, `not-found`. */
export async function saveRoute(db: Db, route: Omit<Route, 'id'> & { id: number | null }): Promise<number> {
  const all = await listRoutes(db);
  if (route.id !== null) refuseLoop(all, route.id, route.parentId);
  const taken = all.find((one) => one.id !== route.id && one.parentId === route.parentId && one.position === route.position);
  if (taken) throw new GuanlanError('conflict', `顺序 ${route.position} 已由路由“${taken.name}”占用，请换一个数。`);
  const values = {
    parent_id: route.parentId,
    position: route.position,
    name: route.name,
    min_rank: route.minRank,
    categories: [...route.categories],
    places: [...route.places],
    groups: [...route.groups],
    days: route.days,
    from_minute: route.fromMinute,
    to_minute: route.toMinute,
    channel_ids: route.channelIds,
    receiver_ids: route.receiverIds,
    on_duty: route.onDuty,
    quiet: route.quiet === null ? null : JSON.stringify(route.quiet),
    digest: route.digest === null ? null : JSON.stringify(route.digest),
  };
  if (route.id === null) return (await db.insertInto('route').values(values).returning('id').executeTakeFirstOrThrow()).id;
  const { numUpdatedRows } = await db.updateTable('route').set(values).where('id', '=', route.id).executeTakeFirst();
  if (numUpdatedRows === 0n) throw new GuanlanError('not-found', `没有编号为 ${route.id} 的路由。`);
  return route.id;
}

/** Removes a node and everything under it. Throws `conflict` for the default route. */
export async function removeRoute(db: Db, id: number): Promise<void> {
  if (defaultRoute(await listRoutes(db))?.id === id)
    throw new GuanlanError('conflict', '默认路由不能删除：没有它，没人接收的提示就无人知道。');
  const { numAffectedRows } = await sql`
    with recursive under as (
      select id from route where id = ${id} union select route.id from route join under on route.parent_id = under.id
    ) delete from route where id in (select id from under)`.execute(db);
  if ((numAffectedRows ?? 0n) === 0n) throw new GuanlanError('not-found', `没有编号为 ${id} 的路由。`);
}

function refuseLoop(all: readonly Route[], id: number, parentId: number | null): void {
  for (let above = parentId; above !== null; above = all.find((one) => one.id === above)?.parentId ?? null) {
    if (above === id) throw new GuanlanError('bad-input', '一条路由不能放在自己的下级之下。');
  }
}
