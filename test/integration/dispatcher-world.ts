import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { verifyWebhook } from '@guanlan/channels';
import {
  addSource,
  type Db,
  findCopied,
  insertItems,
  loadUngrouped,
  publishLexicon,
  reserveEventIds,
  saveAssessments,
  savePlacements,
} from '@guanlan/database';
import { type AlertMessage, type AuthorKind, type CategoryId, type Level, prepareItem } from '@guanlan/domain';

/** One item as a test tells it: items of the same `story` are one event. */
export interface Told {
  story: string;
  level: Level;
  categories?: CategoryId[];
  places?: string[];
  relevant?: boolean;
  source?: string;
  authorKind?: AuthorKind;
}

/** Stores and assesses items as the crawler and the classifier do; returns the ids of the events to decide on. */
export async function tell(db: Db, items: readonly Told[], now: Date): Promise<number[]> {
  const revision = await publishLexicon(db, { digest: 'test', body: '', note: '' });
  const sources = new Map<string, number>();
  for (const { source: name = '县融媒体中心', authorKind = 'media' } of items) {
    if (sources.has(name)) continue;
    const { id } = await addSource(db, {
      kind: 'feed',
      name,
      url: `https://${encodeURIComponent(name)}.example/feed`,
      options: {},
      local: true,
      allowPrivate: false,
      authorKind,
      everySeconds: 300,
    });
    sources.set(name, id);
  }
  const prepared = await Promise.all(
    items.map(async (told) => {
      const sourceId = sources.get(told.source ?? '县融媒体中心') ?? 0;
      const url = `https://news.example/${encodeURIComponent(told.story)}/${told.level}/${serial}`;
      serial += 1;
      const raw = { url, externalId: null, title: titleOf(told), text: `${titleOf(told)}，现场情况正在核实。`, publishedAt: now };
      return { ...prepareItem(raw, { sourceId, authorKind: told.authorKind ?? 'media' }), sourceId };
    }),
  );
  await insertItems(db, prepared, now);
  const ids = new Map((await db.selectFrom('item').select(['id', 'url']).execute()).map((row) => [row.url, row.id]));
  await saveAssessments(
    db,
    revision,
    items.map((told, n) => ({
      itemId: ids.get(prepared[n]?.url ?? null) ?? 0,
      relevant: told.relevant ?? true,
      grouped: true,
      assessment: {
        level: told.level,
        score: 10,
        categories: told.categories ?? ['food'],
        local: true,
        places: told.places ?? ['城关镇'],
        reasons: [
          {
            rule: 'poisoning',
            category: 'food',
            term: '呕吐',
            field: 'title',
            start: titleOf(told).length - 2,
            end: titleOf(told).length,
            text: '呕吐',
          },
        ],
        suppressed: [],
      },
    })),
    now,
  );
  return groupCopies(
    db,
    prepared.map(({ url }) => ids.get(url) ?? 0),
    now,
  );
}

/** Items of one story have one text: copies are one event. Events begin in the order of `itemIds`. */
async function groupCopies(db: Db, itemIds: readonly number[], now: Date): Promise<number[]> {
  const waiting = await loadUngrouped(db, { limit: 50_000, textLength: 0 });
  const items = waiting.toSorted((a, b) => itemIds.indexOf(a.id) - itemIds.indexOf(b.id));
  const events = await findCopied(
    db,
    items.map((item) => item.fingerprint),
  );
  const ids = await reserveEventIds(db, items.length);
  const placed = items.map(({ id, fingerprint }) => {
    const first = events.get(fingerprint);
    const eventId = first?.eventId ?? ids.shift() ?? 0;
    if (first === undefined) events.set(fingerprint, { itemId: id, eventId, seedId: id });
    return { itemId: id, eventId, seedId: first?.seedId ?? id, copyOf: first?.itemId ?? null, signature: null };
  });
  return savePlacements(db, placed, { settled: items.map((item) => item.id), now });
}

let serial = 0;

function titleOf({ story }: Told): string {
  return `${story}：多人呕吐`;
}

export interface Received {
  key: string;
  message: AlertMessage;
  verified: boolean;
}

/** A real receiver on loopback: verifies what it gets and answers as told. */
export interface Receiver {
  readonly options: { url: string; secret: string };
  readonly received: Received[];
  answer: { status: number; headers?: Record<string, string>; body?: string };
  down(): Promise<void>;
  up(): Promise<void>;
}

export async function createReceiver(clock: { now(): Date }, onMessage: (message: AlertMessage) => void = () => {}): Promise<Receiver> {
  let server: Server | undefined;
  let port = 0;
  const secret = 'receiver-secret';
  const received: Received[] = [];
  const receiver: Receiver = {
    get options() {
      return { url: `http://127.0.0.1:${port}/hook`, secret };
    },
    received,
    answer: { status: 200 },
    async down() {
      server?.closeAllConnections();
      await new Promise((resolve) => server?.close(resolve));
    },
    async up() {
      server = createServer(async (request, response) => {
        const body = await text(request);
        const header = (name: string) => request.headers[name] as string | undefined;
        const signed = { body, timestamp: header('x-guanlan-timestamp'), signature: header('x-guanlan-signature') };
        received.push({
          key: header('idempotency-key') ?? '',
          message: JSON.parse(body) as AlertMessage,
          verified: verifyWebhook(secret, signed, clock.now()),
        });
        const { status, headers = {}, body: answer = '' } = receiver.answer;
        if (status < 300) onMessage(JSON.parse(body) as AlertMessage);
        response.writeHead(status, headers).end(answer);
      });
      await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
      port = (server.address() as AddressInfo).port;
    },
  };
  await receiver.up();
  return receiver;
}
