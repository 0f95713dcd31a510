import { isDeepStrictEqual } from 'node:util';
import type { SourceDetail, SourceView } from '@guanlan/contracts';
import {
  type Db,
  getSource,
  listPastConditions,
  listSourceChecks,
  listSourceEntries,
  type SourceRow,
  sourceEntryTitles,
} from '@guanlan/database';
import { adviceOf, conditionTitles, errorTable, GuanlanError, isBrought, openRhythm, type SourceState, standingOf } from '@guanlan/domain';
import { loadSources as loadSourceKinds, shareable } from '@guanlan/sources';
import { checked } from './problem.ts';

/** A source as lists show it. */
export function sourceViewOf(row: SourceRow): SourceView {
  const standing = standingOf({ ...row, brought: isBrought(row.kind) });
  const { id, kind, name, url, local, allowPrivate, authorKind, everySeconds, minSeconds, maxSeconds, intervalSeconds, items, failures } =
    row;
  return {
    ...{ id, kind, name, url, local, allowPrivate, authorKind, everySeconds, minSeconds, maxSeconds, intervalSeconds, items, failures },
    state: stateOf(row),
    health: { ...standing, since: standing.since?.toISOString() ?? null },
    conditions: row.conditions.map((condition) => {
      const { kind: of, since, sentence } = condition;
      return { kind: of, title: conditionTitles[of].title, advice: adviceOf(of, row.faultCode), since: since.toISOString(), sentence };
    }),
    coverage: shareOf(row),
    lastCheckedAt: row.lastCheckedAt?.toISOString() ?? null,
    lastSuccessAt: row.lastSuccessAt?.toISOString() ?? null,
    lastNewItemAt: row.lastNewItemAt?.toISOString() ?? null,
    nextCheckAt: row.nextCheckAt.toISOString(),
    failingSince: row.failingSince?.toISOString() ?? null,
    fault: row.faultCode === null ? null : { code: row.faultCode, message: row.faultMessage ?? '' },
  };
}

/** Everything about one source. Throws `not-found`. */
export async function sourceDetailOf(db: Db, id: number): Promise<SourceDetail> {
  const row = await existingSource(db, id);
  const [entries, past, checks] = await Promise.all([
    listSourceEntries(db, id),
    listPastConditions(db, id, 20),
    listSourceChecks(db, id, 20),
  ]);
  const { options, secrets } = await publicOptions(row);
  return {
    ...sourceViewOf(row),
    ...{ options, secrets, createdAt: row.createdAt.toISOString() },
    entries: entries.reverse().map(({ at, kind, note }) => ({ at: at.toISOString(), kind, title: entryTitle(kind), note })),
    past: past.map(({ kind, since, resolvedAt, sentence }) => ({
      ...{ kind, title: conditionTitles[kind].title, since: since.toISOString(), sentence },
      resolvedAt: (resolvedAt ?? since).toISOString(),
    })),
    checks: checks.map(({ at, fault, unchanged, entries: read, fresh }) => ({
      ...{ at: at.toISOString(), fault: fault === null ? null : faultTitle(fault), unchanged, entries: read, fresh },
    })),
  };
}

export async function existingSource(db: Db, id: number): Promise<SourceRow> {
  const row = await getSource(db, id);
  if (!row) throw new GuanlanError('not-found', `没有编号为 ${id} 的信息源。`);
  return row;
}

/** A source that can be fetched at all; what is brought by others cannot. */
export async function fetchableSource(db: Db, id: number): Promise<SourceRow> {
  const source = await existingSource(db, id);
  if (isBrought(source.kind))
    throw new GuanlanError('conflict', '这个信息源的信息由接口、文件或直报送来，不由本系统采集；要停用请撤销它的令牌或直报链接。');
  return source;
}

/** The options as the kind's own schema has them; faults are told field by field. The address has a column of its own. */
export async function checkOptions(kind: string, url: string, options: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { url: _, ...parsed } = checked((await loadSourceKinds()).get(kind).options, { ...options, url }, 'options');
  return parsed;
}

/** Options that replace those of a source: a secret that is left out stays as it is, one that is null goes. */
export async function withSecretsOf(row: SourceRow, options: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { secrets } = await publicOptions(row);
  const kept = Object.fromEntries(secrets.filter((name) => !(name in options)).map((name) => [name, row.options[name]]));
  return Object.fromEntries(Object.entries({ ...kept, ...options }).filter(([, value]) => value !== null));
}

/** What a source's options become by an edit; undefined where they say what they said before, defaults left out or not. */
export async function editedOptions(
  row: SourceRow,
  url: string | undefined,
  wanted: Record<string, unknown> | undefined,
): Promise<Record<string, unknown> | undefined> {
  if (url === undefined && wanted === undefined) return undefined;
  // The kind's schema may judge an option by the address, so either of them has both checked.
  const options = await checkOptions(row.kind, url ?? row.url, wanted === undefined ? row.options : await withSecretsOf(row, wanted));
  const before = await checkOptions(row.kind, row.url, row.options).catch(() => null);
  return isDeepStrictEqual(options, before) ? undefined : options;
}

/** What an interval means: a word of the operator's is a promise; without one the rhythm is free within its bounds. */
export function rhythmOf(everySeconds: number | null): { everySeconds: number; minSeconds: number | null; maxSeconds: number | null } {
  return everySeconds === null ? { ...openRhythm } : { everySeconds, minSeconds: null, maxSeconds: null };
}

function stateOf(row: SourceRow): SourceState {
  if (row.paused) return 'paused';
  if (row.failingSince !== null) return 'failing';
  return row.lastSuccessAt === null ? 'new' : 'healthy';
}

/** Watched of expected; rounding must not lift it above the whole. */
function shareOf({ coverage }: SourceRow): number | null {
  return coverage === null || coverage.expected <= 0 ? null : Math.min(1, coverage.watched / coverage.expected);
}

async function publicOptions(row: SourceRow): Promise<{ options: Record<string, unknown>; secrets: string[] }> {
  if (isBrought(row.kind)) return { options: {}, secrets: [] };
  const { options, withheld } = shareable(row.options, row.kind, await loadSourceKinds());
  return { options, secrets: withheld };
}

function entryTitle(kind: string): string {
  return (sourceEntryTitles as Record<string, string>)[kind] ?? kind;
}

function faultTitle(code: string): string {
  return (errorTable as Record<string, { title: string }>)[code]?.title ?? code;
}
