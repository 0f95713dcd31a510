import { candidateLimit, chooseEvent, createWindow, gistOf, signatureOf, signatureSlots } from '@guanlan/events';
import { random } from '../support/texts.ts';
import { type Article, article, edits } from './events/articles.ts';
import { minhash128 } from './events/baseline.ts';
import { interleave } from './interleave.ts';
import { type BenchResult, median } from './result.ts';

const articles = 300;
const stored = 1_000_000;
const rounds = 7;

/** Cost of a signature, recall on edited articles, and the window at a million stored items. */
export async function run(): Promise<BenchResult[]> {
  const base = Array.from({ length: articles }, (_, n) => article(n, 490));
  return [signatureCost(base), recall(base), windowCost()];
}

function signatureCost(base: readonly Article[]): BenchResult {
  const into = new Uint16Array(signatureSlots);
  const texts = base.map(({ title, text }) => `${title}\n${text}`);
  const repeats = 10;
  const ms = interleave(rounds, {
    signature: () => {
      for (let i = 0; i < repeats; i += 1) for (const item of base) signatureOf(item, into);
    },
    'minhash-128': () => {
      for (const text of texts) minhash128(text);
    },
  });
  const value = (ms.signature / repeats / articles) * 1_000;
  const baseline = (ms['minhash-128'] / articles) * 1_000;
  return {
    name: 'events.signature',
    unit: 'µs/item',
    value,
    baselines: { 'minhash-128': baseline },
    ratios: { 'minhash-128': value / baseline },
    runs: rounds,
    note: `median text ${median(texts.map((t) => t.length))} characters`,
  };
}

/** Mean over the edits of the share of 300 edited articles that are put into the event of their original, among 30,000 others. */
function recall(base: readonly Article[]): BenchResult {
  const window = createWindow({ capacity: 50_000 });
  const gists = base.map((item) => gistOf({ ...item, at: 0 }));
  for (let n = 0; n < 30_000 + articles; n += 1) {
    const item = base[n - 30_000] ?? article(n + 10_000, 200);
    const signature = signatureOf(item);
    const id = n < 30_000 ? n + articles : n - 30_000;
    if (signature) window.put(signature, { id, event: id, seed: id, at: 0 });
  }
  const shares: Record<string, { found: number; placed: number }> = {};
  let wrong = 0;
  for (const [name, edit] of Object.entries(edits)) {
    const next = random(7);
    const share = { found: 0, placed: 0 };
    for (const [n, item] of base.entries()) {
      const edited = edit(item, next);
      const signature = signatureOf(edited);
      const candidates = signature === null ? [] : window.find(signature, { limit: candidateLimit });
      if (candidates.some((c) => c.id === n)) share.found += 1 / articles;
      const event = chooseEvent(gistOf({ ...edited, at: 0 }), candidates, (id) => gists[id])?.event;
      if (event === n) share.placed += 1 / articles;
      else if (event !== undefined) wrong += 1;
    }
    shares[name] = share;
  }
  const all = Object.entries(shares);
  const mean = (pick: (s: { found: number; placed: number }) => number) => all.reduce((sum, [, s]) => sum + pick(s), 0) / all.length;
  const [worst, least] = all.reduce((w, s) => (s[1].placed < w[1].placed ? s : w));
  return {
    name: 'events.recall',
    unit: 'share',
    value: mean((s) => s.placed),
    baselines: {},
    ratios: {},
    runs: 1,
    note: `${all.length} edits × ${articles}: found ${mean((s) => s.found).toFixed(4)}, worst edit ${worst} ${least.placed.toFixed(3)}, put into a wrong event ${wrong}`,
  };
}

/** Looking up and putting in, in batches of 500, when a million items are stored; comparing with the candidates included. */
function windowCost(): BenchResult {
  const texts = Array.from({ length: 20_000 }, (_, n) => article(n, 200));
  const signatures = texts.map((item) => signatureOf(item) ?? new Uint16Array(signatureSlots));
  const gists = texts.slice(0, 2_000).map((item) => gistOf({ ...item, at: 0 }));
  const before = process.memoryUsage().arrayBuffers;
  const window = createWindow({ capacity: stored });
  const memoryMb = (process.memoryUsage().arrayBuffers - before) / 1_000_000;
  const next = random(3);
  const made = new Uint16Array(signatureSlots);
  // Every tenth stored item is a rewriting of one of the 20,000; the others are like nothing else.
  const make = (n: number): Uint16Array => {
    const like = signatures[n % signatures.length] as Uint16Array;
    const kept = n % 10 === 0 ? 0.6 : 0.05;
    for (let k = 0; k < signatureSlots; k += 1) made[k] = next() < kept ? (like[k] as number) : Math.floor(next() * 65_536);
    return made;
  };
  const filledFrom = performance.now();
  for (let n = 0; n < stored; n += 1) window.put(make(n), { id: n, event: n, seed: n, at: 0 });
  const fillMs = performance.now() - filledFrom;
  const batches: number[] = [];
  const lookups: number[] = [];
  for (let batch = 0; batch < 40; batch += 1) {
    const items = Array.from({ length: 500 }, (_, n) => make(batch * 500 + n).slice());
    const from = performance.now();
    for (const [n, signature] of items.entries()) {
      window.find(signature, { limit: candidateLimit });
      const id = stored + batch * 500 + n;
      window.put(signature, { id, event: id, seed: id, at: 0 });
    }
    lookups.push((performance.now() - from) / 500);
    const whole = performance.now();
    for (const [n, signature] of items.entries()) {
      const text = texts[(batch * 500 + n) % texts.length] as Article;
      signatureOf(text, made);
      const found = window.find(signature, { limit: candidateLimit });
      if (found.length > 0) chooseEvent(gistOf({ ...text, at: 0 }), found, (id) => gists[id % gists.length]);
    }
    batches.push((performance.now() - whole) / 500);
  }
  return {
    name: 'events.window',
    unit: 'ms/item',
    value: median(lookups),
    baselines: {},
    ratios: {},
    memoryMb,
    runs: lookups.length,
    note: `lookup and insert at ${stored} stored items, batches of 500; with signature and comparison ${median(batches).toFixed(3)} ms; filled at ${Math.round(stored / fillMs)}k items/s with the making of the signatures; memory is the window's own`,
  };
}
