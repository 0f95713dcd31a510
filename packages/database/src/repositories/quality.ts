import type { CategoryId } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { alertVerdict } from './alert-verdict.ts';

/** Of alerts opened in a span of time: what people have said of them. */
export interface AlertOutcomes {
  confirmed: number;
  falseAlarms: number;
  undecided: number;
}

/** What the alerts came to that a rule spoke for. */
export interface RuleOutcomes extends AlertOutcomes {
  rule: string;
  category: CategoryId;
  /** The newest alerts called a false alarm, at most five. */
  falseAlarmAlerts: { alertId: number; title: string; note: string }[];
}

export async function countOutcomes(db: Db, since: Date): Promise<AlertOutcomes> {
  const { rows } = await sql<AlertOutcomes>`
    select count(*) filter (where verdict = 'confirmed') as confirmed, count(*) filter (where verdict = 'false') as "falseAlarms",
      count(*) filter (where verdict = 'open') as undecided
    from (select ${alertVerdict} as verdict from alert al where al.opened_at >= ${since}) a`.execute(db);
  return rows[0] ?? { confirmed: 0, falseAlarms: 0, undecided: 0 };
}

/**
 * Per rule, as its newest assessments have it: a rule that was mended and no longer fires on a false alarm is not blamed for it once
 * stored items have been judged anew. An alert counts once for a rule, however many items it fired on. Unordered.
 */
export async function listRuleOutcomes(db: Db, since: Date): Promise<RuleOutcomes[]> {
  const { rows } = await sql<RuleOutcomes>`
    with met as (
      select distinct al.id, r.value ->> 'rule' as rule, r.value ->> 'category' as category, e.title, ${alertVerdict} as verdict
      from alert al join event e on e.id = al.event_id join event_item ei on ei.event_id = al.event_id
      cross join lateral (select reasons from assessment x where x.item_id = ei.item_id order by revision_id desc limit 1) a
      cross join lateral jsonb_array_elements(coalesce(a.reasons, '[]')) as r
      where al.opened_at >= ${since}
    )
    select rule, min(category) as category, count(*) filter (where verdict = 'confirmed') as confirmed,
      count(*) filter (where verdict = 'false') as "falseAlarms", count(*) filter (where verdict = 'open') as undecided,
      coalesce((
        select json_agg(json_build_object('alertId', w.id, 'title', w.title, 'note', coalesce(w.note, '')) order by w.id desc) from (
          select m.id, m.title, (select en.note from alert_entry en where en.alert_id = m.id and en.kind = 'closed' limit 1) as note
          from met m where m.rule = met.rule and m.verdict = 'false' order by m.id desc limit 5) w), '[]') as "falseAlarmAlerts"
    from met group by rule`.execute(db);
  return rows;
}
