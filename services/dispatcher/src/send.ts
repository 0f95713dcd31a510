import { type Channel, loadChannels, type SendResult } from '@guanlan/channels';
import { type ChannelRow, type Db, getChannel } from '@guanlan/database';
import { type AlertMessage, GuanlanError } from '@guanlan/domain';
import type { Clock, Logger } from '@guanlan/runtime';
import { channelConnect, channelFetch, type OutboundHttp, sendTimeoutMs } from './channel-fetch.ts';

export interface Outbound {
  http: OutboundHttp;
  clock: Clock;
  logger: Logger;
}

/** Sends one message through one channel. Throws only when the signal was aborted. */
export async function send(
  { http, clock, logger }: Outbound,
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
    timeoutMs: 2 * sendTimeoutMs,
    signal,
    now: clock.now(),
    idempotencyKey: message.idempotencyKey,
    logger,
  });
}

/** `channel test`: one marked message, sent at once and kept nowhere. Throws `not-found` for a channel that is not in use. */
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
