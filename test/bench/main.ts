import type { BenchResult } from './result.ts';

const benches: Record<string, () => Promise<BenchResult[]>> = {
  match: async () => (await import('./match.ts')).run(),
  classify: async () => (await import('./classify.ts')).run(),
  events: async () => (await import('./events.ts')).run(),
  ingest: async () => (await import('./ingest.ts')).run(),
  crawl: async () => (await import('./crawl.ts')).run(),
  latency: async () => (await import('./latency.ts')).run(),
};

const asJson = process.argv.includes('--json');
const asked = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  process.stderr.write(`没有名为 ${unknown.join('、')} 的基准；可选：${Object.keys(benches).join('、')}\n`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(benches)) {
  const bench = benches[name];
  for (const result of (await bench?.()) ?? []) process.stdout.write(asJson ? `${JSON.stringify(result)}\n` : readable(result));
}

function readable(r: BenchResult): string {
  const lines = [`${r.name}: ${figure(r.value)} ${r.unit}  (median of ${r.runs})`];
  for (const [name, value] of Object.entries(r.baselines))
    lines.push(`  ${name}: ${figure(value)} ${r.unit}  → ${(r.ratios[name] ?? 0).toFixed(2)}×`);
  if (r.memoryMb !== undefined) lines.push(`  peak memory: ${Math.round(r.memoryMb)} MB`);
  if (r.note !== undefined) lines.push(`  ${r.note}`);
  return `${lines.join('\n')}\n`;
}

function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}
