import type { Channel, SendResult } from '@guanlan/channels';
import {
  type ClaimedNotification,
  claimNotification,
  type Db,
  loadFolded,
  type NotificationAttempt,
  recordAttempt,
  releaseNotification,
} from '@guanlan/database';
import { type AlertMessage, digestMessage } from '@guanlan/domain';
import { backoffMs, maxAttempts } from './backoff.ts';
import { type Outbound, send } from './send.ts';
import type { Passed } from './step.ts';

export interface DeliveryResources extends Outbound {
  db: Db;
  kinds: ReadonlyMap<string, Channel>;
  publicUrl: string | null;
  passed: Passed;
}

/** A receiver that is away this long after a message was let through has lost it, when it was tried often enough. */
const giveUpAfterMs = 24 * 3_600_000;

export interface Delivery {
  /** What to ring for next. */
  bells: { notificationId: number; delayMs: number }[];
  /** Another way may now be due: nobody should wait for the sweep to take it. */
  failed: boolean;
}

/**
 * One bell, one try: takes the most urgent notification that is due, sends it, and writes down what came of it. So a bell for
 * a blue alert that hangs before the red one's sends the red one. Null: nothing is due.
 */
export async function deliverNext(resources: DeliveryResources, signal: AbortSignal): Promise<Delivery | null> {
  const { db, clock, logger, kinds, passed } = resources;
  const claim = await claimNotification(db, clock.now(), budgetsOf(kinds));
  if (!claim) return null;
  passed('claimed');
  const began = performance.now();
  let result: SendResult;
  let message: AlertMessage;
  try {
    message = await messageFor(resources, claim);
    const gone = { ok: false, response: '渠道已移除', retryable: false };
    result = claim.channel.removed ? gone : await send(resources, kinds, claim.channel, message, signal);
  } catch (error) {
    await releaseNotification(db, claim);
    throw error;
  }
  passed('sent');
  const now = clock.now();
  const delayMs = backoffMs(claim.attempts, { random: Math.random(), retryAfterSeconds: result.retryAfterSeconds });
  const outcome = outcomeOf(claim, result, { now, dueAt: new Date(now.getTime() + delayMs) });
  const next = await recordAttempt(db, {
    ...outcome,
    notificationId: claim.id,
    channelId: claim.channel.id,
    claimedAt: claim.claimedAt,
    at: now,
    ok: result.ok,
    status: result.status ?? null,
    response: result.response,
    durationMs: Math.round(performance.now() - began),
    message: claim.carries === null ? null : message,
    channel: channelVerdict(claim, result, new Date(now.getTime() + delayMs)),
  });
  passed('recorded');
  const facts = { notification: claim.id, alert: claim.alertId, channel: claim.channel.id, attempt: claim.attempts, status: result.status };
  if (outcome.next.state === 'delivered') logger.debug(facts, 'notification delivered');
  else logger.warn(facts, outcome.next.state === 'dead' ? 'notification given up' : 'notification failed, will be tried again');
  const again = outcome.next.state === 'pending' ? [{ notificationId: claim.id, delayMs }] : [];
  return { bells: [...next.map((notificationId) => ({ notificationId, delayMs: 0 })), ...again], failed: !result.ok };
}

/** What the makers of each kind allow. */
export function budgetsOf(kinds: ReadonlyMap<string, Channel>): Map<string, NonNullable<Channel['budget']>> {
  return new Map([...kinds.values()].map(({ kind, budget }) => [kind, budget ?? []]));
}

async function messageFor(
  { db, publicUrl }: DeliveryResources,
  { id, carries, message, idempotencyKey }: ClaimedNotification,
): Promise<AlertMessage> {
  if (carries === null) return message;
  const link = publicUrl === null ? null : `${publicUrl}/alerts`;
  return digestMessage(carries, await loadFolded(db, id), { idempotencyKey, link });
}

export function outcomeOf(
  { channel, attempts, admittedAt }: Pick<ClaimedNotification, 'channel' | 'attempts' | 'admittedAt'>,
  result: SendResult,
  { now, dueAt }: { now: Date; dueAt: Date },
): Pick<NotificationAttempt, 'next' | 'entry'> {
  if (result.ok) {
    const tries = attempts > 1 ? `（第 ${attempts} 次）` : '';
    return { next: { state: 'delivered' }, entry: { kind: 'notified', note: `已送达“${channel.name}”${tries}` } };
  }
  const late = now.getTime() - admittedAt.getTime() >= giveUpAfterMs;
  if (result.retryable && !(late && attempts >= maxAttempts)) return { next: { state: 'pending', dueAt }, entry: null };
  const why = [result.status === undefined ? '' : `HTTP ${result.status}`, result.response].filter((part) => part !== '').join('，');
  const note = `未能送达“${channel.name}”，试了 ${attempts} 次，不再重试：${why || '没有回答'}`;
  return { next: { state: 'dead' }, entry: { kind: 'undelivered', note } };
}

/** What an answer says of the channel as a whole. One that asks to be left alone is not down; one that refuses a message says nothing of the next. */
export function channelVerdict(
  { channel }: Pick<ClaimedNotification, 'channel'>,
  result: SendResult,
  until: Date,
): NotificationAttempt['channel'] {
  if (result.ok) return 'answered';
  if (!result.retryable || channel.removed) return 'unknown';
  return result.status === 429 || result.retryAfterSeconds !== undefined ? { until } : 'failed';
}
