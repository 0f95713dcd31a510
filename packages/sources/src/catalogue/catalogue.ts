import { GuanlanError } from '@guanlan/domain';
import { z } from 'zod';
import type { SourceRegistry } from '../load.ts';
import { checkOptions, chinese, faults } from '../options.ts';
import { readOpml } from './opml.ts';
import { readYaml } from './yaml.ts';

/** One source of a list that people share: what `source import` reads and `source export` writes. */
export interface CatalogueSource {
  name: string;
  kind: string;
  url: string;
  /** `5m`, `2h`; null: as the program has it. */
  every: string | null;
  /** False: added paused, until the operator resumes it. */
  enabled: boolean;
  local: boolean;
  allowPrivate: boolean;
  /** Nobody has tried it yet. */
  untested: boolean;
  note: string;
  options: Record<string, unknown>;
}

/** An entry as it stands in a file, not yet checked. */
export interface RawEntry {
  /** 1 for the first. */
  line: number;
  value: unknown;
}

export interface RefusedEntry {
  line: number;
  name: string;
  reason: string;
}

/** More is no list that a person keeps. */
const limits = { bytes: 5 * 1024 * 1024, entries: 5_000 };

const entrySchema = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  kind: z.string().trim().min(1).default('feed'),
  url: z.string().trim().min(1).max(2_000),
  every: z
    .union([
      z
        .string()
        .trim()
        .regex(/^\d+(?:\.\d+)?\s*[a-z]+$/iu, '应为时长，如 30s、5m、2h'),
      z.null(),
    ])
    .default(null),
  enabled: z.boolean().default(true),
  local: z.boolean().default(false),
  allowPrivate: z.boolean().default(false),
  untested: z.boolean().default(false),
  note: z.string().max(2_000).default(''),
  options: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Reads a list of sources, OPML or YAML (JSON is YAML too), and checks each by its kind. What is wrong with one entry refuses that
 * entry alone; of entries with the same kind and address the first counts.
 *
 * @throws GuanlanError `bad-input` when the file as a whole cannot be read, with the line
 */
export function readCatalogue(text: string, kinds: SourceRegistry): { sources: CatalogueSource[]; refused: RefusedEntry[] } {
  if (text.length > limits.bytes) throw new GuanlanError('bad-input', `文件超过 ${limits.bytes / 1024 / 1024} MB，不像是信息源列表。`);
  const raw = /^\s*</u.test(text.replace(/^\ufeff/u, '')) ? readOpml(text) : readYaml(text);
  if (raw.length > limits.entries)
    throw new GuanlanError('bad-input', `文件中有 ${raw.length} 个信息源，超过 ${limits.entries} 个的上限。`);
  const sources: CatalogueSource[] = [];
  const refused: RefusedEntry[] = [];
  const seen = new Map<string, number>();
  for (const entry of raw) {
    try {
      const source = checked(entry.value, kinds);
      const key = `${source.kind} ${source.url}`;
      const first = seen.get(key);
      if (first !== undefined) throw new GuanlanError('bad-input', `与第 ${first} 行重复`);
      seen.set(key, entry.line);
      sources.push(source);
    } catch (error) {
      if (!(error instanceof GuanlanError)) throw error;
      refused.push({ line: entry.line, name: nameOf(entry.value), reason: error.message });
    }
  }
  return { sources, refused };
}

function checked(value: unknown, kinds: SourceRegistry): CatalogueSource {
  const entry = entrySchema.safeParse(value, { error: chinese });
  if (!entry.success) throw new GuanlanError('bad-input', faults(entry.error));
  const { url, options, kind } = entry.data;
  checkOptions(kinds, { kind, url, options });
  return { ...entry.data, name: entry.data.name ?? URL.parse(url)?.host ?? url };
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value).slice(0, 60);
  const { name, url } = value as { name?: unknown; url?: unknown };
  return String(name ?? url ?? '').slice(0, 60);
}

/** The options of a source that may leave the installation: without those its kind marks as secret. */
export function shareable(
  options: Record<string, unknown>,
  kind: string,
  kinds: SourceRegistry,
): { options: Record<string, unknown>; withheld: string[] } {
  const schema = z.toJSONSchema(kinds.get(kind).options, { io: 'input', unrepresentable: 'any' });
  const secret = (name: string) => (schema.properties?.[name] as { secret?: unknown } | undefined)?.secret === true;
  const withheld = Object.keys(options).filter(secret);
  return { options: Object.fromEntries(Object.entries(options).filter(([name]) => !secret(name))), withheld };
}
