import { minuteOf } from '@guanlan/domain';
import Table from 'cli-table3';

/** One JSON line on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** A note to the person at the terminal; stdout stays free for results. */
export function say(line = ''): void {
  process.stderr.write(`${line}\n`);
}

/** Rows under a header, columns aligned (Chinese characters are two columns wide). */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true }, chars: plain });
  for (const row of rows) table.push([...row]);
  print(table.toString());
}

export function when(at: Date | null): string {
  return at === null ? '—' : minuteOf(at);
}

/** Steps of a long start, each with its time: `✔ 启动内置 PostgreSQL  1.2 s`. */
export function steps(): { next(step: string): void; done(): void } {
  let current: { step: string; from: number } | undefined;
  const done = () => {
    if (current) say(`  ✔ ${current.step}  ${((performance.now() - current.from) / 1000).toFixed(1)} s`);
    current = undefined;
  };
  return {
    next: (step) => {
      done();
      current = { step, from: performance.now() };
    },
    done,
  };
}

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
