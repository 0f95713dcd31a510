import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AlertPolicy, DrillScript, IndicatorProject } from '@guanlan/domain';

/** Root of the checkout, wherever the process was started. */
export const rootDir = fileURLToPath(new URL('../../../', import.meta.url));

/** What ships with the program and an office may replace: lexicon, gazetteer, indicators, sources. */
export const defaultsDir = path.join(rootDir, 'infra', 'defaults');

/** The indicator tables that ship (巨鹿县, as its performance document has them). */
export async function loadIndicatorProjects(file = path.join(defaultsDir, 'indicators', 'julu.json')): Promise<IndicatorProject[]> {
  const parsed = JSON.parse(await readFile(file, 'utf8')) as { projects: IndicatorProject[] };
  return parsed.projects;
}

/** The clocks, escalation and suppression that ship; an office publishes its own over them. */
export async function loadAlertPolicy(file = path.join(defaultsDir, 'alerting.json')): Promise<AlertPolicy> {
  return JSON.parse(await readFile(file, 'utf8')) as AlertPolicy;
}

/** The scripts for drills, one file each. */
export async function loadDrillScripts(folder = path.join(defaultsDir, 'drills')): Promise<DrillScript[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(path.join(folder, file), 'utf8')) as DrillScript));
}
