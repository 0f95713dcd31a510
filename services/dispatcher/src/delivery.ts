import type { Channel, SendResult } from '@guanlan/channels';
import {
  type ClaimedNotification,
  claimNotification,
  type Db,
  type NotificationAttempt,
  recordAttempt,
  releaseNotification,
} from '@guanlan/database';
import { backoffMs, maxAttempts } from './backoff.ts';
import { type Outbound, send } from './send.ts';

export interface DeliveryResources extends Outbound {
  db: Db;
  kinds: ReadonlyMap<string, Channel>;
}

/**
 * One bell, one try: takes the most urgent notification that is due, sends it, and writes down what came of it. So a bell for
 * a blue alert that hangs before the red one's sends the red one. Returns when to ring again, if ever.
 */
export async function deliverNext(
  resources: DeliveryResources,
  signal: AbortSignal,
): Promise<{ notificationId: number; delayMs: number } | null> {
  const { db, clock, logger, kinds } = resources;
  const claim = await claimNotification(db, clock.now());
  if (!claim) return null;
  const began = performance.now();
  let result: SendResult;
  try {
    const gone = { ok: false, response: '渠道已移除', retryable: false };
    result = claim.channel.removed ? gone : await send(resources, kinds, claim.channel, claim.message, signal);
  } catch (error) {
    await releaseNotification(db, claim);
    throw error;
  }
  const now = clock.now();
  const delayMs = backoffMs(claim.attempts, { random: Math.random(), retryAfterSeconds: result.retryAfterSeconds });
  const outcome = outcomeOf(claim, result, new Date(now.getTime() + delayMs));
  await recordAttempt(db, {
    ...outcome,
    notificationId: claim.id,
    claimedAt: claim.claimedAt,
    at: now,
    ok: result.ok,
    status: result.status ?? null,
    response: result.response,
    durationMs: Math.round(performance.now() - began),
  });
  const facts = { notification: claim.id, alert: claim.alertId, channel: claim.channel.id, attempt: claim.attempts, status: result.status };
  if (outcome.next.state === 'delivered') logger.debug(facts, 'notification delivered');
  else logger.warn(facts, outcome.next.state === 'dead' ? 'notification given up' : 'notification failed, will be tried again');
  return outcome.next.state === 'pending' ? { notificationId: claim.id, delayMs } : null;
}

export function outcomeOf(
  { channel, attempts }: Pick<ClaimedNotification, 'channel' | 'attempts'>,
  result: SendResult,
  dueAt: Date,
): Pick<NotificationAttempt, 'next' | 'entry'> {
  if (result.ok) {
    const tries = attempts > 1 ? `（第 ${attempts} 次）` : '';
    return { next: { state: 'delivered' }, entry: { kind: 'notified', note: `已送达“${channel.name}”${tries}` } };
  }
  if (result.retryable && attempts < maxAttempts) return { next: { state: 'pending', dueAt }, entry: null };
  const why = [result.status === undefined ? '' : `HTTP ${result.status}`, result.response].filter((part) => part !== '').join('，');
  const note = `未能送达“${channel.name}”，试了 ${attempts} 次，不再重试：${why || '没有回答'}`;
  return { next: { state: 'dead' }, entry: { kind: 'undelivered', note } };
}
