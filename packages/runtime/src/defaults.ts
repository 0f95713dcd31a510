import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IndicatorProject } from '@guanlan/domain';

/** Root of the checkout, wherever the process was started. */
export const rootDir = fileURLToPath(new URL('../../../', import.meta.url));

/** What ships with the program and an office may replace: lexicon, gazetteer, indicators, sources. */
export const defaultsDir = path.join(rootDir, 'infra', 'defaults');

/** The indicator tables that ship (巨鹿县, as its performance document has them). */
export async function loadIndicatorProjects(file = path.join(defaultsDir, 'indicators', 'julu.json')): Promise<IndicatorProject[]> {
  const parsed = JSON.parse(await readFile(file, 'utf8')) as { projects: IndicatorProject[] };
  return parsed.projects;
}
