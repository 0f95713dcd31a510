import type { AlertView } from '@guanlan/contracts';
import { type AlertState, alertStateTitles, type Level, levelInfo, type Outcome, outcomeTitles } from '@guanlan/domain';

/** An alert's level, and whether it is proposed or was confirmed by a person. */
export function AlertLevel({ alert, large = false }: { alert: Pick<AlertView, 'level' | 'confirmed'>; large?: boolean }) {
  return (
    <span className="alert-level">
      <LevelTag level={alert.level} large={large} />
      <span
        className="quiet"
        title={alert.confirmed === null ? '由规则、传播面和增长提出，尚未由人员核定' : `由 ${alert.confirmed.by} 核定`}
      >
        {alert.confirmed === null ? '建议级别' : '已确认'}
      </span>
    </span>
  );
}

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
