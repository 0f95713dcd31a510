import { type CategoryId, type Level, levelOfRank, type Reason, type Span } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { SampleStratum, SampleVerdict } from '../schema/sample.ts';

/**
 * Draws a week's sample of items that made no alert, at random within each stratum: those about this county by text or source, and the
 * others. The seed decides the draw. A week is drawn once; false when it was already.
 */
export async function drawSample(
  db: Db,
  options: { week: string; span: Span; sizes: Record<SampleStratum, number>; seed: number; now: Date },
): Promise<boolean> {
  const { week, span, sizes, seed, now } = options;
  return db.transaction().execute(async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('sample')
      .values({ week, seed, drawn_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 1n) return false;
    const population = sql`
      select i.id, case when a.local or s.local then 'local' else 'other' end as stratum
      from item i join source s on s.id = i.source_id
      cross join lateral (select local from assessment x where x.item_id = i.id order by revision_id desc limit 1) a
      left join event_item ei on ei.item_id = i.id
      where i.collected_at >= ${span.from} and i.collected_at < ${span.to}
        and not exists (select 1 from alert al where al.event_id = ei.event_id)`;
    await sql`
      insert into sample_stratum (week, stratum, population)
      select ${week}, kind, (select count(*) from (${population}) p where p.stratum = kind)
      from unnest(array['local', 'other']) as kind`.execute(tx);
    await sql`
      insert into sample_item (week, item_id, stratum)
      select ${week}, id, stratum from (
        select id, stratum, row_number() over (partition by stratum order by hashint8extended(id, ${seed}), id) as turn
        from (${population}) p) drawn
      where turn <= case stratum when 'local' then ${sizes.local}::integer else ${sizes.other}::integer end`.execute(tx);
    return true;
  });
}

/** A week's sample in figures, per stratum. */
export interface SampleFigures {
  week: string;
  drawnAt: Date;
  strata: { stratum: SampleStratum; population: number; drawn: number; judged: number; missed: number }[];
}

/** Newest first. */
export async function listSamples(db: Db, limit: number): Promise<SampleFigures[]> {
  const { rows } = await sql<SampleFigures>`
    select s.week, s.drawn_at as "drawnAt", (
      select json_agg(json_build_object('stratum', t.stratum, 'population', t.population,
        'drawn', (select count(*) from sample_item i where i.week = t.week and i.stratum = t.stratum),
        'judged', (select count(i.verdict) from sample_item i where i.week = t.week and i.stratum = t.stratum),
        'missed', (select count(*) from sample_item i where i.week = t.week and i.stratum = t.stratum and i.verdict = 'missed'))
        order by t.stratum)
      from sample_stratum t where t.week = s.week) as strata
    from sample s order by s.week desc limit ${limit}`.execute(db);
  return rows;
}

/** An item of a sample, for a person to judge without knowing more than a reader would. */
export interface SampleItem {
  itemId: number;
  stratum: SampleStratum;
  title: string;
  text: string;
  url: string | null;
  source: string;
  collectedAt: Date;
  level: Level;
  categories: CategoryId[];
  reasons: Reason[];
  verdict: SampleVerdict | null;
  note: string;
  judgedBy: string | null;
}

const textLength = 2_000;

/** In the order drawn; empty for a week without a sample. */
export async function listSampleItems(db: Db, week: string): Promise<SampleItem[]> {
  const { rows } = await sql<Omit<SampleItem, 'level' | 'reasons'> & { rank: number; reasons: Reason[] | null }>`
    select i.id as "itemId", si.stratum, i.title, left(i.text, ${textLength}) as text, i.url, s.name as source, i.collected_at as "collectedAt",
      a.rank, a.categories, a.reasons, si.verdict, si.note, si.judged_by as "judgedBy"
    from sample_item si join sample p on p.week = si.week join item i on i.id = si.item_id join source s on s.id = i.source_id
    cross join lateral (
      select rank, categories, reasons from assessment x where x.item_id = i.id order by revision_id desc limit 1) a
    where si.week = ${week} order by si.stratum, hashint8extended(i.id, p.seed), i.id`.execute(db);
  return rows.map(({ rank, reasons, ...row }) => ({ ...row, level: levelOfRank(rank), reasons: reasons ?? [] }));
}

/** Notes what a person says of an item of a sample; a later word replaces an earlier one. False when it is not in the sample. */
export async function judgeSampleItem(
  db: Db,
  judgement: { week: string; itemId: number; verdict: SampleVerdict; note: string; judgedBy: string; now: Date },
): Promise<boolean> {
  const { week, itemId, verdict, note, judgedBy, now } = judgement;
  const { numUpdatedRows } = await db
    .updateTable('sample_item')
    .set({ verdict, note, judged_by: judgedBy, judged_at: now })
    .where('week', '=', week)
    .where('item_id', '=', itemId)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
