import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLevelThresholds } from './event-levels.ts';

describe('the thresholds of event levels', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'levels-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const load = async (text: string) => {
    const file = path.join(folder, 'event-levels.json');
    await writeFile(file, text);
    return loadLevelThresholds(file);
  };

  it('ship with the program', async () => {
    expect(await loadLevelThresholds()).toMatchObject({ version: 1, highest: 'II' });
  });

  it('are told with every fault', async () => {
    const broken = load(
      JSON.stringify({ version: 0, windowHours: 2, spread: [{ name: '广', raise: 9, source: 3 }], growth: [], mostRaise: 1 }),
    );
    await expect(broken).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(broken).rejects.toThrow(/version：.*spread\.0\.raise：.*source.*highest：/u);
    await expect(load('{')).rejects.toMatchObject({ code: 'config-invalid' });
  });
});
