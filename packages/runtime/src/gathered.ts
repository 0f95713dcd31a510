export interface Gathered<T> {
  add(values: readonly T[]): void;
  /** Runs what still waits; resolves when nothing does. */
  close(): Promise<void>;
}

/**
 * Gathers values for runs of `work` that begin at least `everyMs` apart: idle, the first runs at once; what comes meanwhile
 * goes together. `work` answers for its own errors: nobody waits for a value.
 */
export function gathered<T>(work: (values: T[]) => Promise<void>, everyMs: number): Gathered<T> {
  let waiting: T[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    const values = waiting;
    waiting = [];
    running = running.then(() => work(values));
  };
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (waiting.length === 0) return;
      run();
      rest();
    }, everyMs);
  };
  return {
    add(values) {
      if (values.length === 0) return;
      waiting.push(...values);
      if (timer !== undefined) return;
      run();
      rest();
    },
    async close() {
      clearTimeout(timer);
      timer = undefined;
      if (waiting.length > 0) run();
      await running;
    },
  };
}
