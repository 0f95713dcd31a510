import type { IntakeAnswer, intakeItem } from '@guanlan/contracts';
import { addSource, appendAudit, type Db, findItemIds, insertItems, setSourcePaused } from '@guanlan/database';
import { type PreparedItem, prepareItem } from '@guanlan/domain';
import type { z } from 'zod';
import type { ApiContext } from './context.ts';

type IntakeItem = z.output<typeof intakeItem>;

/** The kind of the source row that stands for a token. No adapter has this name: nothing ever fetches it. */
export const intakeKind = 'intake';

/**
 * Stores what another system hands over. Each token is a source of its own; within it an `externalId` names one item, and an
 * address that is stored already (from any source) is that item too. Everything goes through `prepareItem`, so nothing is
 * written unmasked. The rows are committed before the bell is rung; a bell that fails is rung again by the classifier's sweep.
 */
export async function takeIn(
  { db, bus, clock, logger }: ApiContext,
  tokenName: string,
  items: readonly IntakeItem[],
): Promise<IntakeAnswer> {
  const now = clock.now();
  const { answer, storedIds } = await db.transaction().execute(async (tx) => {
    const sourceId = await sourceOf(tx, tokenName, now);
    const candidates = items.map((item) => candidateOf(item, sourceId));
    const known = await findItemIds(
      tx,
      candidates.flatMap((c) => [c.prepared.key, c.externalKey]),
    );
    const fresh = firstOfEach(candidates.filter((c) => !known.has(c.prepared.key) && !known.has(c.externalKey)));
    const stored = new Set(
      (
        await insertItems(
          tx,
          fresh.map((c) => ({ ...c.prepared, sourceId })),
          now,
        )
      ).map((row) => row.id),
    );
    const ids = new Map([
      ...known,
      ...(await findItemIds(
        tx,
        fresh.map((c) => c.prepared.key),
      )),
    ]);
    // Within the batch a second one of the same id may have another address: the first one's row stands for both.
    for (const { prepared, externalKey } of fresh) ids.set(externalKey, ids.get(prepared.key) ?? 0);

    const accepted = new Set(fresh.filter((c) => stored.has(ids.get(c.prepared.key) ?? 0)));
    const results = candidates.map((c) => ({
      externalId: c.externalId,
      result: accepted.has(c) ? ('accepted' as const) : ('duplicate' as const),
      itemId: ids.get(c.externalKey) ?? ids.get(c.prepared.key) ?? 0,
    }));
    const counts = { accepted: accepted.size, duplicates: items.length - accepted.size };
    await appendAudit(tx, { at: now, actor: tokenName, act: 'intake.accept', subject: `source:${sourceId}`, data: counts });
    return { answer: { ...counts, results }, storedIds: [...stored] };
  });
  if (storedIds.length > 0) {
    await bus
      .ring('items.collected', { itemIds: storedIds })
      .catch((err: unknown) => logger.warn({ err, items: storedIds.length }, 'bell not rung, the sweep will'));
  }
  return answer;
}

interface Candidate {
  externalId: string;
  prepared: PreparedItem;
  /** The key an item of this `externalId` has when it comes without an address. */
  externalKey: string;
}

function candidateOf(item: IntakeItem, sourceId: number): Candidate {
  const scope = { sourceId, authorKind: 'unknown' } as const;
  const { externalId, title, text } = item;
  const publishedAt = item.publishedAt === undefined ? null : new Date(item.publishedAt);
  return {
    externalId,
    prepared: prepareItem({ url: item.url ?? null, externalId, title, text, publishedAt }, scope),
    externalKey: prepareItem({ url: null, externalId, title: '', text: '', publishedAt: null }, scope).key,
  };
}

function firstOfEach(candidates: readonly Candidate[]): Candidate[] {
  const taken = new Set<string>();
  return candidates.filter(({ prepared, externalKey }) => {
    const seen = taken.has(prepared.key) || taken.has(externalKey);
    taken.add(prepared.key).add(externalKey);
    return !seen;
  });
}

/** The token's source row, made on first use and paused, so that the crawler leaves it alone. */
async function sourceOf(tx: Db, tokenName: string, now: Date): Promise<number> {
  const { id, added } = await addSource(tx, {
    ...{ kind: intakeKind, name: `接口推送：${tokenName}`, url: `intake:${tokenName}`, options: {} },
    ...{ local: false, allowPrivate: false, authorKind: 'unknown', everySeconds: 604_800 },
  });
  if (added) await setSourcePaused(tx, id, true, now);
  return id;
}
