import { readFile } from 'node:fs/promises';
import { GuanlanError } from '@guanlan/domain';
import ms, { type StringValue } from 'ms';
import { UsageFault } from './usage.ts';

/** Seconds in `30s`, `5m`, `2h`, `1d`. Refuses what is not between one second and a week. */
export function seconds(text: string, option: string): number {
  const value = /^\d+(?:\.\d+)?\s*[a-z]+$/iu.test(text) ? ms(text as StringValue) : Number.NaN;
  const out = Math.round(value / 1000);
  if (!(out >= 1 && out <= 604_800)) throw new UsageFault(`${option} 应为 1 秒到 7 天之间的时长，如 30s、5m、2h，不是 ${text}`);
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
export function settings(given: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(given.map(split).map(([name, value]) => [name, jsonOrText(value)]));
}

/** The same as text; `name=@file` takes the file's content, so that a secret need not stand on the command line. */
export async function pairs(given: readonly string[] = []): Promise<Record<string, string>> {
  const read = async ([name, value]: [string, string]): Promise<[string, string]> => {
    if (!value.startsWith('@')) return [name, value];
    const content = await readFile(value.slice(1), 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new GuanlanError('bad-input', `--set ${name}：文件 ${value.slice(1)} 读不出（${error.code ?? '未知原因'}）`);
    });
    return [name, content.trim()];
  };
  return Object.fromEntries(await Promise.all(given.map(split).map(read)));
}

function split(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new UsageFault('--set 应为 名称=值，如 url=https://example.cn/');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function jsonOrText(text: string): unknown {
  if (!/^(?:true|false|null|-?\d+(?:\.\d+)?|\[.*\]|\{.*\})$/su.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
