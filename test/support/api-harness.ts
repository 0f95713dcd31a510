import { type ApiOptions, type ApiService, createApi } from '@guanlan/api';
import { createSetupLink, type Db } from '@guanlan/database';
import { type Bus, createBus } from '@guanlan/queue';
import { createLogger, manualClock } from '@guanlan/runtime';
import { createTestDatabase, type TestDatabase } from './database.ts';

export const password = '观澜-test-passphrase';

export interface ApiHarness extends TestDatabase {
  api: ApiService;
  bus: Bus;
  clock: ReturnType<typeof manualClock>;
  /** As a program asks: no cookie unless given, JSON both ways. */
  ask(path: string, init?: AskInit): Promise<Answer>;
  /** As a browser's page of this server asks. */
  browse(cookie: string | null, path: string, init?: AskInit): Promise<Answer>;
  stop(): Promise<void>;
}

export interface AskInit {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server said, to be looked at by the test
  body: any;
  /** `name=value` of the session cookie that was set, if one was. */
  cookie: string | null;
}

/** The real API on loopback over a database and a queue of its own. Time stands still unless a test moves it. */
export async function startApi(options: Partial<ApiOptions> = {}): Promise<ApiHarness> {
  const database = await createTestDatabase();
  const logger = createLogger({ level: 'silent' });
  const bus = createBus({ backend: { kind: 'postgres', connectionString: database.connectionString }, logger });
  await bus.start();
  const clock = manualClock(new Date());
  const api = createApi({ db: database.db, bus, clock, logger, host: '127.0.0.1', port: 0, consoleDir: null, ...options });
  await api.start();

  const ask = async (path: string, { method = 'GET', headers = {}, body }: AskInit = {}): Promise<Answer> => {
    const response = await fetch(`${api.address()}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /[/+]json/u.test(response.headers.get('content-type') ?? '');
    const set = response.headers.getSetCookie().find((line) => /guanlan_session=[^;]/u.test(line));
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text, cookie: set?.split(';')[0] ?? null };
  };
  return {
    ...database,
    ...{ api, bus, clock, ask },
    browse: (cookie, path, init = {}) =>
      ask(path, { ...init, headers: { origin: api.address(), ...(cookie === null ? {} : { cookie }), ...init.headers } }),
    stop: async () => {
      await api.stop();
      await bus.close();
      await database.drop();
    },
  };
}

/** Opens the setup link as the first person does. Returns the cookie of the administrator's session. */
export async function setUp({ db, clock, browse }: ApiHarness, name = '管理员'): Promise<string> {
  const token = await createSetupLink(db, clock.now());
  const answer = await browse(null, '/api/v1/setup', { method: 'POST', body: { token, name, password } });
  if (answer.cookie === null) throw new Error(`setup answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.cookie;
}

/** An alert with one item, as the classifier and the dispatcher would have left them. */
export async function seedAlert(db: Db, at: Date, title = '某小区起火'): Promise<{ alertId: number; eventId: number; itemId: number }> {
  const one = <Row>(row: Row | undefined): Row => {
    if (row === undefined) throw new Error('nothing inserted');
    return row;
  };
  const fingerprint = crypto.randomUUID();
  const source = one(
    await db
      .insertInto('source')
      .values({ kind: 'feed', name: '测试源', url: `http://127.0.0.1/${fingerprint}`, local: true })
      .returning('id')
      .executeTakeFirst(),
  );
  const item = one(
    await db
      .insertInto('item')
      .values({ key: fingerprint, fingerprint, source_id: source.id, author_kind: 'media', title, text: '消防已到场', collected_at: at })
      .returning('id')
      .executeTakeFirst(),
  );
  await db.insertInto('lexicon_revision').values({ digest: fingerprint, body: '' }).execute();
  const revision = one(await db.selectFrom('lexicon_revision').select('id').where('digest', '=', fingerprint).executeTakeFirst());
  await db
    .insertInto('assessment')
    .values({
      ...{ item_id: item.id, revision_id: revision.id, rank: 3, score: 8, local: true, relevant: true, assessed_at: at },
      ...{ categories: ['accident'], places: ['本县'] },
      reasons: JSON.stringify([
        {
          rule: 'fire',
          category: 'accident',
          term: '起火',
          field: 'title',
          start: title.indexOf('起火'),
          end: title.indexOf('起火') + 2,
          text: '起火',
        },
      ]),
    })
    .execute();
  const event = one(
    await db
      .insertInto('event')
      .values({ title, rank: 3, relevant: true, item_count: 1, first_seen_at: at, last_seen_at: at })
      .returning('id')
      .executeTakeFirst(),
  );
  await db.insertInto('event_item').values({ item_id: item.id, event_id: event.id, seed_id: item.id, fingerprint, at }).execute();
  await db.insertInto('tally').values({ item_id: item.id, year: at.getUTCFullYear(), fingerprint, state: 'counted', at }).execute();
  const alert = one(
    await db
      .insertInto('alert')
      .values({ event_id: event.id, rank: 3, outcome: null, opened_at: at, updated_at: at })
      .returning('id')
      .executeTakeFirst(),
  );
  return { alertId: alert.id, eventId: event.id, itemId: item.id };
}
