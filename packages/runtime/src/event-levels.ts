import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { GuanlanError, type LevelThresholds } from '@guanlan/domain';
import { z } from 'zod';
import { defaultsDir } from './defaults.ts';

/** More items of one event than this are not counted, so no threshold may ask for more. */
const most = 500;
const count = z.int().min(1).max(most).optional();

const step = z.strictObject({
  name: z.string().trim().min(1).max(20),
  raise: z.int().min(1).max(3),
  ...{ items: count, sources: count, sourceKinds: z.int().min(1).max(4).optional(), recent: count },
  growth: z.number().min(1).max(1_000).optional(),
});

const schema = z.strictObject({
  version: z.int().min(1),
  windowHours: z.number().min(0.5).max(168),
  ...{ spread: z.array(step).max(20), growth: z.array(step).max(20) },
  mostRaise: z.int().min(0).max(3),
  highest: z.enum(['IV', 'III', 'II', 'I']),
}) satisfies z.ZodType<LevelThresholds>;

/** The thresholds by which spread and growth raise a proposed level. Throws `config-invalid` with every fault of the file. */
export async function loadLevelThresholds(file = path.join(defaultsDir, 'levels', 'event-levels.json')): Promise<LevelThresholds> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new GuanlanError('config-invalid', `级别阈值文件 ${file} 读不到或不是 JSON，请检查。`, { cause });
  }
  const parsed = schema.safeParse(value, { error: z.locales.zhCN().localeError });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path: where, message }) => `${where.join('.') || '整体'}：${message}`);
  throw new GuanlanError('config-invalid', `级别阈值文件 ${file} 有误：${faults.join('；')}。`);
}
