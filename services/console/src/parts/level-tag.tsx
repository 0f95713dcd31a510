import { type AlertState, alertStateTitles, type Level, levelInfo, type Outcome, outcomeTitles } from '@guanlan/domain';

/** Level as colour and words: colour alone tells nothing to one man in twelve. */
export function LevelTag({ level, large = false }: { level: Level; large?: boolean }) {
  const { title } = levelInfo[level];
  return (
    <span className={`level level-${level}${large ? ' level-large' : ''}`} title="内部提示级别，由规则提出、人员核定">
      {level === 'none' ? '无级别' : `${level} 级 · ${title}`}
    </span>
  );
}

export function StateTag({ state, outcome }: { state: AlertState; outcome: Outcome | null }) {
  const words = outcome === null ? alertStateTitles[state] : `${alertStateTitles[state]} · ${outcomeTitles[outcome]}`;
  return <span className={`case-state case-state-${state}`}>{words}</span>;
}
