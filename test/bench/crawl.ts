import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { openEmbeddedPostgres } from '@guanlan/database';
import { administer, databaseUrl } from '../support/administer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { VariantOutput } from './ingest/variant.ts';
import { type BenchResult, median } from './result.ts';

const sources = 1_000;
const itemsPerFeed = 50;
const rounds = 3;
const variants = ['product', 'undici-htmlparser2', 'undici-htmlparser2-bare', 'crawlee'] as const;
type Variant = (typeof variants)[number];
type Run = VariantOutput & { peakMb: number };

/**
 * Seconds for one full round of a thousand feeds of fifty items each, from the first request to the last committed row, in one
 * process with an embedded PostgreSQL and durable commits. Less is better. The variants alternate round by round, each in a
 * fresh process on a fresh database.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = await temporaryFolder();
  const postgres = await openEmbeddedPostgres({ dataDir: folder.dir });
  const web = script(path.join('ingest', 'feeds.ts'), [String(sources), String(itemsPerFeed)], {});
  try {
    const { urls } = (await line(web)) as { urls: string[] };
    const runs = new Map<Variant, Run[]>(variants.map((variant) => [variant, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const variant of variants) {
        const name = `bench_${randomBytes(4).toString('hex')}`;
        await administer(postgres.connectionString, `create database ${name}`);
        const input = { databaseUrl: databaseUrl(postgres.connectionString, name), urls, itemsPerFeed };
        const child = script(path.join('crawl', `${variant}.ts`), [], { BENCH_INPUT: JSON.stringify(input) });
        const result = (await line(child)) as Run;
        process.stderr.write(
          `  ${variant}: ${(result.ms / 1_000).toFixed(2)} s, ${result.items} items, peak ${Math.round(result.peakMb)} MB\n`,
        );
        if (result.items !== sources * itemsPerFeed) throw new Error(`${variant} read ${result.items} items`);
        runs.get(variant)?.push(result);
        child.kill();
        await administer(postgres.connectionString, `drop database ${name} with (force)`);
      }
    }
    const seconds = (variant: Variant) => median((runs.get(variant) ?? []).map((r) => r.ms / 1_000));
    const value = seconds('product');
    const baselines = Object.fromEntries(variants.filter((v) => v !== 'product').map((v) => [v, seconds(v)]));
    return [
      {
        name: 'crawl',
        unit: 's',
        value,
        baselines,
        ratios: Object.fromEntries(Object.entries(baselines).map(([name, base]) => [name, value / base])),
        memoryMb: Math.max(...(runs.get('product') ?? []).map((r) => r.peakMb)),
        runs: rounds,
        note: `one round of ${sources} feeds × ${itemsPerFeed} items; ratios are times, at most 1.5 of undici-htmlparser2 is the aim; -bare stores nothing`,
      },
    ];
  } finally {
    web.kill();
    await postgres.close();
    await folder.remove();
  }
}

function script(file: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [path.join(import.meta.dirname, file), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

/** The first line a child prints, as JSON. */
async function line(child: ChildProcess): Promise<unknown> {
  if (!child.stdout) throw new Error('no stdout');
  for await (const text of createInterface({ input: child.stdout })) return JSON.parse(text);
  throw new Error(`a benchmark process ended without a result (exit ${child.exitCode})`);
}
