import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GuanlanError } from '@guanlan/domain';
import { expect, it } from 'vitest';
import { createHttpClient } from './client.ts';

const cases = join(process.cwd(), '../shared/data/dev/hostile/ssrf.jsonl');

it.skipIf(!existsSync(cases))('refuses every known trick to reach inside (needs the shared data)', async () => {
  // Every name leads inside, so whatever is not refused by its form has to be refused by its address.
  const http = createHttpClient({
    userAgent: 'Guanlan/0.1',
    perHostIntervalMs: 0,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  const urls = readFileSync(cases, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { url: string }).url);
  expect(urls.length).toBeGreaterThan(50);
  for (const url of urls) {
    const error = await http.fetch(url).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error, url).toBeInstanceOf(GuanlanError);
    expect(['url-invalid', 'address-private'], url).toContain((error as GuanlanError).code);
  }
  await http.close();
});
