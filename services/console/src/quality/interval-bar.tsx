import type { Proportion } from '@guanlan/domain';

/** A share with its interval: a bar from 0 to 1, the interval shaded, the share marked; and in figures. */
export function IntervalBar({ proportion }: { proportion: Proportion | null }) {
  if (proportion === null) return <span className="quiet">还没有结果</span>;
  const { value, low, high, n } = proportion;
  const words = `${percent(value)}（${percent(low)}–${percent(high)}，${n} 条）`;
  return (
    <span className="interval">
      <span className="interval-bar" aria-hidden="true">
        <span className="interval-range" style={{ left: `${100 * low}%`, width: `${100 * (high - low)}%` }} />
        <span className="interval-value" style={{ left: `${100 * value}%` }} />
      </span>
      <span className="nowrap">{words}</span>
    </span>
  );
}

export function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}
