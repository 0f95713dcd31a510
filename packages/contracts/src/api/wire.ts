import { type CategoryId, categories, type Level, levels } from '@guanlan/domain';
import { z } from 'zod';

/** The words every answer of the API is built from. Times are ISO 8601 in UTC; ids are positive whole numbers. */
export const id = z.int().positive();

export const at = z.iso.datetime();

export const levelName = z
  .enum(levels)
  .describe('内部提示级别：I 特别重大、II 重大、III 较大、IV 一般、none 无') satisfies z.ZodType<Level>;

export const categoryName = z.enum(categories.map((c) => c.id)).describe('类别') satisfies z.ZodType<CategoryId>;

/** Reads newest first: pass the `next` of one page as `before` of the following one; null means that was all. */
export function page<Row extends z.ZodType>(row: Row) {
  return z.object({ rows: z.array(row), next: id.nullable() });
}

/** Query parameters arrive as text. */
export const idParams = z.object({ id: z.coerce.number().int().positive() });

export const pageQuery = z.object({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** `?flag=true` or `?flag=false`. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** A calendar year in Asia/Shanghai. */
export const yearQuery = z.object({ year: z.coerce.number().int().min(2000).max(2200).optional() });
