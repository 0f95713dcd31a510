import { type AlertPolicy, GuanlanError } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { inTransaction } from '../transaction.ts';
import { systemActor } from './alert-entry.ts';

export interface AlertPolicyRow {
  id: number;
  policy: AlertPolicy;
  note: string;
  actor: string;
  publishedAt: Date;
}

/** The revision in force; null before the program first started. */
export async function currentAlertPolicy(db: Db): Promise<AlertPolicyRow | null> {
  return (await listAlertPolicies(db, 1))[0] ?? null;
}

/** Newest first. */
export async function listAlertPolicies(db: Db, limit: number): Promise<AlertPolicyRow[]> {
  const rows = await db.selectFrom('alert_policy').selectAll().orderBy('id', 'desc').limit(limit).execute();
  return rows.map(({ id, body, note, actor, published_at }) => ({ id, policy: body, note, actor, publishedAt: published_at }));
}

/**
 * A revision for cases opened from now on; those that are open keep theirs. Throws `conflict` where it was made from a revision (`base`)
 * that is no longer in force.
 */
export function publishAlertPolicy(
  db: Db,
  { policy, note, actor, now, base }: { policy: AlertPolicy; note: string; actor: string; now: Date; base?: number | undefined },
): Promise<number> {
  return inTransaction(db, async (tx) => {
    await sql`lock table alert_policy in share row exclusive mode`.execute(tx);
    const current = await currentAlertPolicy(tx);
    if (base !== undefined && current !== null && current.id !== base)
      throw new GuanlanError('conflict', `${current.actor}刚发布了新的处置规则（${current.note}），请重新打开页面，在新的规则上修改。`);
    const { id } = await tx
      .insertInto('alert_policy')
      .values({ body: JSON.stringify(policy), note, actor, published_at: now })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}

/** What ships takes effect where nobody has published anything of their own; a newer version follows an older shipped one. */
export async function shipAlertPolicy(db: Db, policy: AlertPolicy, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.selectFrom('route').select('id').where('parent_id', 'is', null).orderBy('position', 'desc').limit(1).forUpdate().execute();
    const current = await currentAlertPolicy(tx);
    if (current !== null && (current.actor !== systemActor || current.policy.version === policy.version)) return;
    await publishAlertPolicy(tx, { policy, note: '随程序提供', actor: systemActor, now });
  });
}
