import { GuanlanError } from '@guanlan/domain';
import { InvalidArgumentError } from 'commander';

/** The command was asked for in a way that means nothing: exit code 2. The message says what, and what it should be. */
export class UsageFault extends GuanlanError {
  constructor(message: string) {
    super('bad-input', message);
  }
}

/** The number that a list gives a thing, as an argument. */
export function number(text: string): number {
  const value = Number(text);
  if (!/^\d{1,15}$/u.test(text) || value < 1) throw new InvalidArgumentError(`应为编号（正整数），不是 ${text}`);
  return value;
}

/** A calendar year, as an option. */
export function year(text: string): number {
  if (!/^20\d{2}$/u.test(text)) throw new InvalidArgumentError(`应为四位年份，如 2026，不是 ${text}`);
  return Number(text);
}

/** The name of an encoding, as an option. */
export function charset(text: string): string {
  if (/^utf-?32(?:le|be)?$/iu.test(text)) return text;
  try {
    new TextDecoder(text);
  } catch {
    throw new InvalidArgumentError(`没有这种编码：${text}；如 utf-8、gb18030、big5`);
  }
  return text;
}
