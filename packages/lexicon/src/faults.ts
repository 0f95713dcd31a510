import { GuanlanError } from '@guanlan/domain';
import type { Position } from './lexicon.ts';

/** One thing wrong in a rule file, and how to mend it. */
export interface Fault extends Position {
  message: string;
  hint: string;
}

const mostFaults = 100;

/** Collects what is wrong, so that one check shows everything. */
export class Faults {
  readonly list: Fault[] = [];
  #more = 0;

  add(position: Position, message: string, hint: string): void {
    if (this.list.length < mostFaults) this.list.push({ ...position, message, hint });
    else this.#more++;
  }

  /** @throws GuanlanError `lexicon-invalid`, with `details.errors: Fault[]`, if anything was added. */
  throwIfAny(what: string): void {
    if (this.list.length === 0) return;
    const total = this.list.length + this.#more;
    const lines = this.list.slice(0, 20).map(formatFault);
    if (total > lines.length) lines.push(`……另有 ${total - lines.length} 处`);
    throw new GuanlanError('lexicon-invalid', `${what}有 ${total} 处错误：\n${lines.join('\n')}`, { details: { errors: this.list } });
  }
}

export function formatFault({ file, line, column, message, hint }: Fault): string {
  return `${file === '' ? '' : `${file} `}第 ${line} 行第 ${column} 列：${message}。${hint}`;
}
