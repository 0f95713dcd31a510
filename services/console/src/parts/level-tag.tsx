import type { AlertView, EventView } from '@guanlan/contracts';
import { type AlertState, alertStateTitles, type Level, levelInFull, type Outcome, outcomeTitles } from '@guanlan/domain';

/** An alert's level, proposed until a person has confirmed it. */
export function AlertLevel({ alert, large = false }: { alert: Pick<AlertView, 'level' | 'confirmed'>; large?: boolean }) {
  return <LevelTag level={alert.level} large={large} confirmed={alert.confirmed !== null} by={alert.confirmed?.by ?? null} />;
}

/** An event's: that of its alert where it has one, else what its items say. */
export function EventLevel({ event: { level, alert }, large = false }: { event: Pick<EventView, 'level' | 'alert'>; large?: boolean }) {
  return <LevelTag level={alert?.level ?? level} confirmed={alert?.confirmed ?? false} large={large} />;
}

interface LevelTagProps {
  level: Level;
  /** A person has; what only rules, spread and growth say is proposed. */
  confirmed?: boolean;
  by?: string | null;
  large?: boolean;
}

/** Level as colour and words: colour alone tells nothing to one man in twelve. */
export function LevelTag({ level, confirmed = false, by = null, large = false }: LevelTagProps) {
  const whose = confirmed ? `由${by === null ? '人员' : ` ${by} `}核定` : '由规则、传播面和增长提出，尚未由人员核定';
  return (
    <span className={`level level-${level}${large ? ' level-large' : ''}`} title={`内部提示级别，${whose}`}>
      {level === 'none' ? '无级别' : levelInFull(level, confirmed)}
    </span>
  );
}

export function StateTag({ state, outcome }: { state: AlertState; outcome: Outcome | null }) {
  const words = outcome === null ? alertStateTitles[state] : `${alertStateTitles[state]} · ${outcomeTitles[outcome]}`;
  return <span className={`case-state case-state-${state}`}>{words}</span>;
}
