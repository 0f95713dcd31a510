import { GuanlanError } from '@guanlan/domain';
import ms, { type StringValue } from 'ms';

/** Seconds in `30s`, `5m`, `2h`, `1d`. Refuses what is not between one second and a week. */
export function seconds(text: string, option: string): number {
  const value = /^\d+(?:\.\d+)?\s*[a-z]+$/iu.test(text) ? ms(text as StringValue) : Number.NaN;
  const out = Math.round(value / 1000);
  if (!(out >= 1 && out <= 604_800))
    throw new GuanlanError('bad-input', `${option} 应为 1 秒到 7 天之间的时长，如 30s、5m、2h，不是 ${text}`);
  return out;
}

/** `30s`, `5m`, `2h`, `1d`: the shortest that says it exactly. */
export function durationOf(seconds: number): string {
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ] as const)
    if (seconds % size === 0) return `${seconds / size}${unit}`;
  return `${seconds}s`;
}

/** `key=value` pairs of `--set`; a value that reads as JSON (number, true, list) is taken as JSON. */
export function settings(pairs: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new GuanlanError('bad-input', `--set 应为 名称=值，不是 ${pair}`);
      return [pair.slice(0, at), jsonOrText(pair.slice(at + 1))];
    }),
  );
}

function jsonOrText(text: string): unknown {
  if (!/^(?:true|false|null|-?\d+(?:\.\d+)?|\[.*\]|\{.*\})$/su.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
