import { type DrillMoments, type DrillScript, fillScript, GuanlanError } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export interface DrillRow {
  id: number;
  script: string;
  title: string;
  actor: string;
  startedAt: Date;
  endedAt: Date | null;
  steps: { position: number; title: string; dueAt: string; injectedAt: string | null }[];
  /** The cases it made, oldest first. */
  alertIds: number[];
}

/** Writes a drill and its steps; whoever injects finds them by their time. Throws `conflict` while another is under way. */
export async function startDrill(tx: Db, drill: { script: DrillScript; actor: string; now: Date }): Promise<number> {
  const { script, actor, now } = drill;
  const under = await tx.selectFrom('drill').select(['id', 'title']).where('ended_at', 'is', null).forUpdate().executeTakeFirst();
  if (under) throw new GuanlanError('conflict', `演练 ${under.id}“${under.title}”正在进行，请先办结它的预警提示或结束演练。`);
  const { held } = await tx
    .selectFrom('drill')
    .select((eb) => eb.fn.countAll<number>().as('held'))
    .executeTakeFirstOrThrow();
  const { id } = await tx
    .insertInto('drill')
    .values({ script: script.id, title: script.title, actor, started_at: now })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('drill_step')
    .values(
      fillScript(script, held).map((step, index) => ({
        ...{ drill_id: id, position: index + 1, due_at: new Date(now.getTime() + step.afterSeconds * 1_000) },
        ...{ title: step.title, text: step.text, author_kind: step.authorKind, item_id: null },
      })),
    )
    .execute();
  return id;
}

export interface DueDrillStep {
  drillId: number;
  position: number;
  title: string;
  text: string;
  authorKind: DrillScript['steps'][number]['authorKind'];
}

/** Locks, until the transaction ends, the steps whose time has come. */
export async function claimDrillSteps(tx: Db, now: Date): Promise<DueDrillStep[]> {
  const { rows } = await sql<DueDrillStep>`
    select s.drill_id as "drillId", s.position, s.title, s.text, s.author_kind as "authorKind"
    from drill_step s join drill d on d.id = s.drill_id
    where s.injected_at is null and s.due_at <= ${now} and d.ended_at is null order by s.due_at, s.position for update of s skip locked`.execute(
    tx,
  );
  return rows;
}

export async function markInjected(tx: Db, step: { drillId: number; position: number; itemId: number; now: Date }): Promise<void> {
  await tx
    .updateTable('drill_step')
    .set({ injected_at: step.now, item_id: step.itemId })
    .where('drill_id', '=', step.drillId)
    .where('position', '=', step.position)
    .execute();
}

/** Ends a drill; its open cases end as needing no answer, by the same person. Throws `not-found` when it is not under way. */
export async function endDrill(tx: Db, id: number, { now }: { now: Date }): Promise<number[]> {
  const { numUpdatedRows } = await tx
    .updateTable('drill')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new GuanlanError('not-found', `没有编号为 ${id} 的进行中的演练。`);
  const open = await tx.selectFrom('alert').select('id').where('drill_id', '=', id).where('closed_at', 'is', null).orderBy('id').execute();
  return open.map((row) => row.id);
}

/** A drill whose every step is told and whose every case is closed is over. Returns those that ended. */
export async function endFinishedDrills(db: Db, now: Date): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    update drill d set ended_at = ${now} where d.ended_at is null
      and not exists (select 1 from drill_step s where s.drill_id = d.id and s.injected_at is null)
      and exists (select 1 from alert al where al.drill_id = d.id)
      and not exists (select 1 from alert al where al.drill_id = d.id and al.closed_at is null)
      -- What was told last has been looked at.
      and not exists (select 1 from drill_step s join item_pending p on p.item_id = s.item_id where s.drill_id = d.id)
    returning id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Newest first. */
export async function listDrills(db: Db, limit: number): Promise<DrillRow[]> {
  const { rows } = await sql<DrillRow>`
    select d.id, d.script, d.title, d.actor, d.started_at as "startedAt", d.ended_at as "endedAt",
      coalesce((select json_agg(json_build_object('position', s.position, 'title', s.title, 'dueAt', s.due_at, 'injectedAt', s.injected_at)
        order by s.position) from drill_step s where s.drill_id = d.id), '[]') as steps,
      coalesce((select json_agg(al.id order by al.id) from alert al where al.drill_id = d.id), '[]') as "alertIds"
    from drill d order by d.id desc limit ${limit}`.execute(db);
  return rows;
}

/** The moments of a drill, read off the rows that the path left. Of several cases the first of each counts. */
export async function readDrillMoments(db: Db, id: number): Promise<DrillMoments> {
  const entry = (kind: string) =>
    sql`(select min(e.at) from alert_entry e join alert al on al.id = e.alert_id where al.drill_id = ${id} and e.kind = ${kind})`;
  const { rows } = await sql<DrillMoments>`
    select (select min(injected_at) from drill_step where drill_id = ${id}) as "injectedAt",
      (select min(a.assessed_at) from drill_step s join assessment a on a.item_id = s.item_id where s.drill_id = ${id}) as "assessedAt",
      (select min(opened_at) from alert where drill_id = ${id}) as "openedAt",
      (select min(coalesce(n.delivered_at, k.delivered_at)) from notification n join alert al on al.id = n.alert_id
        left join notification k on k.id = n.carrier_id where al.drill_id = ${id}) as "deliveredAt",
      ${entry('acknowledged')} as "acknowledgedAt", ${entry('verified')} as "verifiedAt", ${entry('assigned')} as "assignedAt",
      ${entry('answered')} as "answeredAt", ${entry('closed')} as "closedAt"`.execute(db);
  const [moments] = rows;
  if (!moments) throw new Error('a query without from answers one row');
  return moments;
}
