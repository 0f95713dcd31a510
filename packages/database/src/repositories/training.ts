import type { TrainingKind } from '@guanlan/domain';
import type { Db } from '../connect.ts';

export interface Training {
  id: number;
  kind: TrainingKind;
  /** `YYYY-MM-DD` */
  heldOn: string;
  topic: string;
  people: number;
  evidence: string | null;
}

/** Adds a training; the same kind, day and topic once only. Returns null when it is in the ledger already. */
export async function addTraining(db: Db, training: Omit<Training, 'id'>): Promise<number | null> {
  const row = await db
    .insertInto('training')
    .values({ kind: training.kind, held_on: training.heldOn, topic: training.topic, people: training.people, evidence: training.evidence })
    .onConflict((oc) => oc.columns(['kind', 'held_on', 'topic']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/** The trainings held in a calendar year, oldest first. */
export async function listTrainings(db: Db, year: number): Promise<Training[]> {
  const rows = await db
    .selectFrom('training')
    .selectAll()
    .where('held_on', '>=', `${year}-01-01`)
    .where('held_on', '<=', `${year}-12-31`)
    .orderBy('held_on')
    .orderBy('id')
    .execute();
  return rows.map((r) => ({ id: r.id, kind: r.kind, heldOn: r.held_on, topic: r.topic, people: r.people, evidence: r.evidence }));
}
