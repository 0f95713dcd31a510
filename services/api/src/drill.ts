import type { DrillReport, DrillView } from '@guanlan/contracts';
import {
  appendAudit,
  broughtSource,
  claimDrillSteps,
  closeAlert,
  type Db,
  type DrillRow,
  endDrill,
  endFinishedDrills,
  getAlert,
  insertItems,
  listDrills,
  markInjected,
  readDrillMoments,
  startDrill,
} from '@guanlan/database';
import { deadlinesOf, deadlineTitles, drillLines, GuanlanError, prepareItem } from '@guanlan/domain';
import { type Clock, loadDrillScripts } from '@guanlan/runtime';
import { inForce } from './alert-view.ts';
import type { ApiContext } from './context.ts';

interface By {
  db: Db;
  clock: Clock;
  actor: string;
}

/** Begins a drill: its steps are rows, which the API brings in at their time. Throws `bad-input` for an unknown script, `conflict` while another is under way. */
export async function beginDrill({ db, clock, actor }: By, scriptId: string): Promise<number> {
  const scripts = await loadDrillScripts();
  const script = scripts.find(({ id }) => id === scriptId);
  if (!script) throw new GuanlanError('bad-input', `没有名为“${scriptId}”的演练脚本，可用：${scripts.map(({ id }) => id).join('、')}。`);
  return db.transaction().execute(async (tx) => {
    const now = clock.now();
    const id = await startDrill(tx, { script, actor, now });
    await appendAudit(tx, { at: now, actor, act: 'drill.start', subject: `drill:${id}`, data: { script: script.id } });
    return id;
  });
}

/** Breaks a drill off: what it opened is closed as needing no answer. Throws `not-found` when it is not under way. */
export async function breakOffDrill({ db, clock, actor }: By, id: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const now = clock.now();
    for (const alertId of await endDrill(tx, id, { now })) {
      await closeAlert(tx, alertId, { actor, now, note: '演练结束', outcome: 'no-answer-needed' });
    }
    await appendAudit(tx, { at: now, actor, act: 'drill.end', subject: `drill:${id}`, data: {} });
  });
}

/**
 * Brings in what drills tell at their time, through the same door as everything else: the item is stored with its mark, then
 * the bell is rung. And ends the drills whose cases are all closed.
 */
export async function injectDrills({ db, bus, clock, logger }: Pick<ApiContext, 'db' | 'bus' | 'clock' | 'logger'>): Promise<void> {
  const itemIds = await db.transaction().execute(async (tx) => {
    const now = clock.now();
    const steps = await claimDrillSteps(tx, now);
    const stored: number[] = [];
    for (const step of steps) {
      const sourceId = await broughtSource(tx, { kind: 'drill', name: '演练', url: 'drill:', local: true }, now);
      const { title, text, authorKind } = step;
      const raw = { url: null, externalId: `drill-${step.drillId}-${step.position}`, title, text, publishedAt: now };
      const [item] = await insertItems(tx, [{ ...prepareItem(raw, { sourceId, authorKind }), sourceId }], now);
      if (!item) continue;
      await markInjected(tx, { drillId: step.drillId, position: step.position, itemId: item.id, now });
      stored.push(item.id);
    }
    return stored;
  });
  if (itemIds.length > 0) {
    await bus.ring('items.collected', { itemIds }).catch((err: unknown) => logger.warn({ err }, 'bell not rung, the sweep will'));
  }
  await endFinishedDrills(db, clock.now());
}

export function drillViewOf(row: DrillRow): DrillView {
  return { ...row, startedAt: row.startedAt.toISOString(), endedAt: row.endedAt?.toISOString() ?? null };
}

/** How long each step took, and which clocks were kept. Read off the rows each time. Throws `not-found`. */
export async function reportDrill({ db, clock }: Pick<By, 'db' | 'clock'>, id: number): Promise<DrillReport> {
  const row = (await listDrills(db, 1_000)).find((drill) => drill.id === id);
  if (!row) throw new GuanlanError('not-found', `没有编号为 ${id} 的演练。`);
  const lines = drillLines(await readDrillMoments(db, id));
  return {
    drill: drillViewOf(row),
    lines: lines.map((line) => ({ ...line, at: line.at?.toISOString() ?? null })),
    findings: [
      ...lines.filter(({ at }) => at === null && row.endedAt !== null).map(({ title }) => `没有进行到“${title}”`),
      ...(await Promise.all(row.alertIds.map((alertId) => findingsOf({ db, clock }, alertId)))).flat(),
    ],
  };
}

async function findingsOf(by: Pick<By, 'db' | 'clock'>, alertId: number): Promise<string[]> {
  const alert = await getAlert(by.db, alertId);
  if (!alert) return [];
  const { policy, now } = await inForce(by);
  const deadlines = deadlinesOf({ ...alert.clocks.history, categories: alert.categories }, (alert.clocks.policy ?? policy).deadlines, now);
  const kept = deadlines.filter(({ state }) => state === 'met').map(({ kind }) => deadlineTitles[kind]);
  const missed = deadlines.filter(({ state }) => state === 'late' || state === 'overdue').map(({ kind }) => deadlineTitles[kind]);
  const undelivered = alert.notifications.filter(({ state, carrier }) => (carrier?.state ?? state) === 'dead').length;
  return [
    kept.length > 0 ? `预警 ${alertId} 按时完成：${kept.join('、')}` : '',
    missed.length > 0 ? `预警 ${alertId} 超过时限：${missed.join('、')}` : '',
    undelivered > 0 ? `预警 ${alertId} 有 ${undelivered} 条通知未送达` : '',
  ].filter((line) => line !== '');
}
