import type { AuthorKind } from './source.ts';

/** A scripted incident, told in steps. `{place}` and the like are filled in when it begins, so that no two drills are one story; `{turn}` is the drill's number. */
export interface DrillScript {
  id: string;
  title: string;
  /** What it exercises. */
  aim: string;
  steps: { afterSeconds: number; authorKind: AuthorKind; title: string; text: string }[];
  /** For each blank, what may stand in it. */
  blanks: Record<string, string[]>;
}

/**
 * Stands before the title wherever a drill's case is shown or told. Its items do not carry it: a text that says it is an exercise is rightly
 * given no level, and then nothing would be exercised. What they are is in the rows (source of kind `drill`).
 */
export const drillMark = '【演练】';

/**
 * The steps of a script with its blanks filled in, for the `turn`-th time (from 0): every blank changes from one turn to the next, and
 * `{turn}` is a number no other has.
 */
export function fillScript(script: DrillScript, turn: number): DrillScript['steps'] {
  const chosen = new Map(
    Object.entries(script.blanks).map(([name, words], n) => [
      name,
      words[(turn + Math.floor(turn / words.length) * n) % words.length] ?? '',
    ]),
  );
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/gu, (whole, name: string) => (name === 'turn' ? String(turn + 1) : (chosen.get(name) ?? whole)));
  return script.steps.map((step) => ({ ...step, title: fill(step.title), text: fill(step.text) }));
}

/** The moments of a drill, as rows tell them; null: not reached. */
export interface DrillMoments {
  injectedAt: Date | null;
  assessedAt: Date | null;
  openedAt: Date | null;
  deliveredAt: Date | null;
  acknowledgedAt: Date | null;
  verifiedAt: Date | null;
  assignedAt: Date | null;
  answeredAt: Date | null;
  closedAt: Date | null;
}

const momentTitles: Record<keyof DrillMoments, string> = {
  injectedAt: '投放演练信息',
  assessedAt: '提出建议级别',
  openedAt: '生成预警提示',
  deliveredAt: '首条通知送达',
  acknowledgedAt: '签收',
  verifiedAt: '核实',
  assignedAt: '交办',
  answeredAt: '回应',
  closedAt: '办结',
};

export interface DrillLine {
  title: string;
  at: Date | null;
  /** Since the step before it that was reached, and since the beginning; null: not reached. */
  sinceLastMs: number | null;
  sinceStartMs: number | null;
}

/** Each step with the time it took. */
export function drillLines(moments: DrillMoments): DrillLine[] {
  let last: Date | null = null;
  const start = moments.injectedAt;
  return (Object.keys(momentTitles) as (keyof DrillMoments)[]).map((name) => {
    const at = moments[name];
    const line = {
      title: momentTitles[name],
      at,
      sinceLastMs: at === null || last === null ? null : at.getTime() - last.getTime(),
      sinceStartMs: at === null || start === null ? null : at.getTime() - start.getTime(),
    };
    if (at !== null) last = at;
    return line;
  });
}
