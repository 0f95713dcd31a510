import { loadChannels, newPushKey, type PushKey, type SendResult } from '@guanlan/channels';
import { sendOnce } from '@guanlan/dispatcher';
import type { AlertMessage } from '@guanlan/domain';
import { createHttpClient, createLogger, manualClock } from '@guanlan/runtime';

export interface Outbound {
  clock: ReturnType<typeof manualClock>;
  /** What browsers subscribe with. */
  pushKey: PushKey;
  /** Sends as the dispatcher does: through the guarded client, one try. */
  send(kind: string, options: Record<string, unknown>, message?: Partial<AlertMessage>, allowPrivate?: boolean): Promise<SendResult>;
  close(): Promise<void>;
}

/** The way out, real from the channel to the socket; only the clock is moved by hand. */
export async function createOutbound(start = new Date('2026-11-23T11:00:00+08:00')): Promise<Outbound> {
  const clock = manualClock(start);
  const http = createHttpClient({ userAgent: 'Guanlan-test', clock });
  const logger = createLogger({ level: 'silent' });
  const kinds = await loadChannels();
  const pushKey = newPushKey();
  const signal = new AbortController().signal;
  return {
    clock,
    pushKey,
    send: (kind, options, message = {}, allowPrivate = true) =>
      sendOnce({ http, clock, logger, pushKey: async () => pushKey }, kinds, { kind, options, allowPrivate }, messageOf(message), signal),
    close: () => http.close(),
  };
}

/** An alert as the dispatcher tells it. */
export function messageOf(over: Partial<AlertMessage> = {}): AlertMessage {
  return {
    idempotencyKey: 'alert-7-3-opened-2',
    alertId: 7,
    eventId: 42,
    level: 'II',
    title: '某小区物业停水三日，居民多次反映',
    reason: '等级由较大升为重大：新增两个来源。',
    categories: ['public-service'],
    places: ['城关镇'],
    departments: ['行政审批局'],
    itemCount: 5,
    sourceCount: 3,
    firstSeenAt: '2026-11-23T03:10:00.000Z',
    evidence: [{ rule: 'water', term: '停水', snippet: '已经停水三日，物业没有答复' }],
    items: [{ id: 1, title: '停水三日', url: 'https://news.example/a/1', source: '县融媒体中心', publishedAt: '2026-11-23T03:00:00.000Z' }],
    link: 'https://guanlan.example/alerts/7',
    ...over,
  };
}

/** Far more than any receiver takes, in what may be long. */
export function longMessage(over: Partial<AlertMessage> = {}): AlertMessage {
  const [item] = messageOf().items;
  const many = (n: number) =>
    Array.from({ length: n }, (_, id) => ({ ...item, id, title: `第 ${id} 条：居民反映停水，物业称正在抢修`, url: null }));
  return messageOf({ reason: '县供水公司称管网抢修正在进行。'.repeat(300), items: many(400) as AlertMessage['items'], ...over });
}
