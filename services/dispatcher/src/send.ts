import { type Channel, loadChannels, newPushKey, type SendContext, type SendResult } from '@guanlan/channels';
import { type ChannelRow, type Db, getChannel, noteChannelTry, pushKey } from '@guanlan/database';
import { type AlertMessage, GuanlanError } from '@guanlan/domain';
import type { Clock, Logger } from '@guanlan/runtime';
import { channelConnect, channelFetch, type OutboundHttp, sendTimeoutMs } from './channel-fetch.ts';

export interface Outbound {
  http: OutboundHttp;
  clock: Clock;
  logger: Logger;
}

/** Sends one message through one channel and notes on the channel how it went. Throws only when the signal was aborted. */
export async function send(
  outbound: Outbound & { db: Db },
  kinds: ReadonlyMap<string, Channel>,
  channel: Pick<ChannelRow, 'id' | 'kind' | 'options' | 'allowPrivate'>,
  message: AlertMessage,
  signal: AbortSignal,
): Promise<SendResult> {
  const { db, clock, logger } = outbound;
  const result = await sendOnce({ ...outbound, pushKey: () => pushKey(db, newPushKey) }, kinds, channel, message, signal);
  // The message is on its way or not; a note that could not be written must not make it be sent again.
  await noteChannelTry(db, channel.id, { at: clock.now(), ok: result.ok, response: result.response }).catch((err: unknown) =>
    logger.warn({ err, channel: channel.id }, 'try not noted on the channel'),
  );
  return result;
}

/** One message through one kind, kept nowhere. Throws only when the signal was aborted. */
export async function sendOnce(
  { http, clock, logger, pushKey }: Outbound & Pick<SendContext, 'pushKey'>,
  kinds: ReadonlyMap<string, Channel>,
  channel: Pick<ChannelRow, 'kind' | 'options' | 'allowPrivate'>,
  message: AlertMessage,
  signal: AbortSignal,
): Promise<SendResult> {
  const kind = kinds.get(channel.kind);
  if (!kind) return { ok: false, response: `没有名为“${channel.kind}”的渠道类型，可用：${[...kinds.keys()].join('、')}`, retryable: false };
  return kind.deliver(channel.options, message, {
    fetch: channelFetch(http, channel),
    connect: channelConnect(http, channel),
    pushKey,
    timeoutMs: 2 * sendTimeoutMs,
    signal,
    now: clock.now(),
    idempotencyKey: message.idempotencyKey,
    logger,
  });
}

/** `channel test`: one marked message, sent at once; only how it went is kept, on the channel. Throws `not-found` for a channel that is not in use. */
export async function sendTest(outbound: Outbound & { db: Db }, channelId: number): Promise<SendResult> {
  const channel = await getChannel(outbound.db, channelId);
  if (!channel) throw new GuanlanError('not-found', `没有编号为 ${channelId} 的渠道，见 channel list。`);
  const signal = AbortSignal.timeout(3 * sendTimeoutMs);
  return send(outbound, await loadChannels(), channel, testMessage(channelId, outbound.clock.now()), signal);
}

function testMessage(channelId: number, now: Date): AlertMessage {
  return {
    idempotencyKey: `test-${channelId}-${now.getTime()}`,
    alertId: 0,
    eventId: 0,
    level: 'IV',
    title: '观澜通知渠道测试',
    reason: '这是一条测试消息：有人在检查这个渠道，不是预警提示。',
    categories: [],
    places: [],
    departments: [],
    itemCount: 0,
    sourceCount: 0,
    firstSeenAt: now.toISOString(),
    evidence: [],
    items: [],
    link: null,
    test: true,
  };
}
