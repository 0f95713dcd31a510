/**
 * Joins calls: while one run of `work` is under way, later calls wait and become the next run together, with everything they
 * brought. Idle, a call runs at once; under load, many small calls cost as much as one large one. A run that fails fails
 * every call that was in it.
 *
 * @param most how much one run takes (10,000); the rest makes the run after it
 */
export function joined<T, R>(work: (all: T[]) => Promise<R>, most = 10_000): (some: readonly T[]) => Promise<R> {
  const waiting: { some: readonly T[]; resolve(result: R): void; reject(error: unknown): void }[] = [];
  let running = false;
  const run = async () => {
    running = true;
    while (waiting.length > 0) {
      let size = 0;
      const taken = waiting.findIndex(({ some }, index) => {
        size += some.length;
        return index > 0 && size > most;
      });
      const calls = waiting.splice(0, taken < 0 ? waiting.length : taken);
      try {
        const result = await work(calls.flatMap((call) => call.some));
        for (const call of calls) call.resolve(result);
      } catch (error) {
        for (const call of calls) call.reject(error);
      }
    }
    running = false;
  };
  return (some) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ some, resolve, reject });
      if (!running) void run();
    });
}
