import type { IntakeAnswer, intakeItem } from '@guanlan/contracts';
import { appendAudit, broughtSource, type HandedItem, receiveItems, recordBrought } from '@guanlan/database';
import { externalKeyOf, prepareItem } from '@guanlan/domain';
import type { z } from 'zod';
import type { ApiContext } from './context.ts';

type IntakeItem = z.output<typeof intakeItem>;

/**
 * Stores what another system hands over. Each token is a source of its own; within it an `externalId` names one item, and an
 * address that is stored already (from any source) is that item too. Everything goes through `prepareItem`, so nothing is
 * written unmasked. The rows are committed before the bell is rung; a bell that fails is rung again by the classifier's sweep.
 */
export async function takeIn(
  { db, bus, clock, logger }: ApiContext,
  token: { name: string; local: boolean },
  items: readonly IntakeItem[],
): Promise<IntakeAnswer> {
  const now = clock.now();
  const { name, local } = token;
  const answer = await db.transaction().execute(async (tx) => {
    const sourceId = await broughtSource(tx, { kind: 'intake', name: `接口推送：${name}`, url: `intake:${name}`, local }, now);
    const receipts = await receiveItems(
      tx,
      sourceId,
      items.map((item) => handed(item, sourceId)),
      now,
    );
    const accepted = receipts.filter(({ result }) => result === 'accepted').length;
    await recordBrought(tx, sourceId, accepted, now);
    const counts = { accepted, duplicates: items.length - accepted };
    await appendAudit(tx, { at: now, actor: name, act: 'intake.accept', subject: `source:${sourceId}`, data: counts });
    return { ...counts, results: receipts.map((receipt, i) => ({ externalId: items[i]?.externalId ?? '', ...receipt })) };
  });
  const storedIds = answer.results.filter(({ result }) => result === 'accepted').map(({ itemId }) => itemId);
  if (storedIds.length > 0) {
    await bus
      .ring('items.collected', { itemIds: storedIds })
      .catch((err: unknown) => logger.warn({ err, items: storedIds.length }, 'bell not rung, the sweep will'));
  }
  return answer;
}

function handed(item: IntakeItem, sourceId: number): HandedItem {
  const scope = { sourceId, authorKind: 'unknown' } as const;
  const { externalId, title, text } = item;
  const publishedAt = item.publishedAt === undefined ? null : new Date(item.publishedAt);
  return {
    prepared: prepareItem({ url: item.url ?? null, externalId, title, text, publishedAt }, scope),
    externalKey: externalKeyOf(externalId, sourceId),
  };
}
