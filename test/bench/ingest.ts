import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { openEmbeddedPostgres } from '@guanlan/database';
import { administer, databaseUrl } from '../support/administer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { VariantOutput } from './ingest/variant.ts';
import { type BenchResult, median } from './result.ts';

const itemsPerFeed = 50;
/** Feeds per run: enough for some seconds of each variant's pace. */
const feeds = { product: 400, 'batched-peers': 200, 'job-per-item': 60 } as const;
type Variant = keyof typeof feeds;
const rounds = 3;

type Run = VariantOutput & { peakMb: number };

/**
 * Items per second from feed bytes over loopback HTTP to stored, assessed, alert-decided and counted rows: embedded
 * PostgreSQL, durable commits. The variants alternate round by round, each in a fresh process on a fresh database.
 */
export async function run(): Promise<BenchResult[]> {
  const folder = await temporaryFolder();
  const postgres = await openEmbeddedPostgres({ dataDir: folder.dir });
  const web = script('feeds.ts', [String(feeds.product), String(itemsPerFeed)], {});
  try {
    const { urls } = (await line(web)) as { urls: string[] };
    const runs: Record<Variant, Run[]> = { product: [], 'batched-peers': [], 'job-per-item': [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const variant of Object.keys(feeds) as Variant[]) {
        const name = `bench_${randomBytes(4).toString('hex')}`;
        await administer(postgres.connectionString, `create database ${name}`);
        const input = { databaseUrl: databaseUrl(postgres.connectionString, name), urls: urls.slice(0, feeds[variant]), itemsPerFeed };
        const child = script(`${variant}.ts`, [], { BENCH_INPUT: JSON.stringify(input) });
        const result = (await line(child)) as Run;
        process.stderr.write(
          `  ${variant}: ${Math.round((result.items / result.ms) * 1000)} items/s, ${result.alerts} alerts, peak ${Math.round(result.peakMb)} MB\n`,
        );
        runs[variant].push(result);
        child.kill();
        await administer(postgres.connectionString, `drop database ${name} with (force)`);
      }
    }
    const rate = (variant: Variant) => median(runs[variant].map((r) => (r.items / r.ms) * 1000));
    const value = rate('product');
    const baselines = { 'job-per-item': rate('job-per-item'), 'batched-peers': rate('batched-peers') };
    return [
      {
        name: 'ingest',
        unit: 'items/s',
        value,
        baselines,
        ratios: Object.fromEntries(Object.entries(baselines).map(([name, base]) => [name, value / base])),
        memoryMb: Math.max(...runs.product.map((r) => r.peakMb)),
        runs: rounds,
        note: `items per run: ${Object.entries(feeds)
          .map(([v, n]) => `${v} ${n * itemsPerFeed}`)
          .join(', ')}`,
      },
    ];
  } finally {
    web.kill();
    await postgres.close();
    await folder.remove();
  }
}

/** As the product is started (services/cli/bin/workspace.mjs); the baselines get them too. */
const memoryFlags = ['--max-semi-space-size=8', '--heap-growing-percent=70'];
const memoryEnvironment = { MALLOC_ARENA_MAX: '2' };

function script(file: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [...memoryFlags, path.join(import.meta.dirname, 'ingest', file), ...args], {
    env: { ...memoryEnvironment, ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

/** The first line a child prints, as JSON. */
async function line(child: ChildProcess): Promise<unknown> {
  if (!child.stdout) throw new Error('no stdout');
  for await (const text of createInterface({ input: child.stdout })) return JSON.parse(text);
  throw new Error(`a benchmark process ended without a result (exit ${child.exitCode})`);
}
