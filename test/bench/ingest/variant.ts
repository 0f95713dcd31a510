/** What every variant is told, by environment, and answers, by one line on stdout. */
export interface VariantInput {
  databaseUrl: string;
  /** Feed addresses to read, each with `itemsPerFeed` items. */
  urls: string[];
  itemsPerFeed: number;
}

export interface VariantOutput {
  items: number;
  /** From the first request to the last committed row. */
  ms: number;
  alerts: number;
}

export function input(): VariantInput {
  return JSON.parse(process.env.BENCH_INPUT ?? '{}') as VariantInput;
}

export function answer(output: VariantOutput): void {
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const { user, system } = process.cpuUsage();
  process.stdout.write(`${JSON.stringify({ ...output, peakMb, cpuMs: (user + system) / 1_000 })}\n`);
}

/** Runs `work` over a list, at most `limit` at a time. */
export async function each<T>(list: readonly T[], limit: number, work: (value: T) => Promise<void>): Promise<void> {
  const queue = list.values();
  await Promise.all(
    Array.from({ length: limit }, async () => {
      for (const value of queue) await work(value);
    }),
  );
}
