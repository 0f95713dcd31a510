import { createApiToken, createSetupLink, revokeApiToken, verifyAudit } from '@guanlan/database';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, password, setUp, startApi } from '../support/api-harness.ts';

const minute = 60_000;

describe('setting up and signing in', () => {
  let api: ApiHarness;
  let cookie: string;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  test('the setup link works once, for a good password, and only while no account exists', async () => {
    const token = await createSetupLink(api.db, api.clock.now());
    const setup = (body: object) =>
      api.browse(null, '/api/v1/setup', { method: 'POST', body: { token, name: '管理员一号', password, ...body } });

    expect((await api.ask('/api/v1/session')).body).toEqual({ account: null, setupNeeded: true, expiresAt: null });
    expect((await setup({ password: 'short' })).body).toMatchObject({ code: 'bad-input', fields: [{ field: 'password' }] });
    expect((await setup({ name: 'administrator', password: 'Administrator' })).body).toMatchObject({
      code: 'bad-input',
      detail: '密码不能与账号名相同。',
    });
    expect((await setup({ token: 'guess' })).status).toBe(403);

    const done = await setup({});
    expect(done.status).toBe(201);
    expect(done.body).toMatchObject({ account: { name: '管理员一号', role: 'admin' }, setupNeeded: false });
    cookie = done.cookie ?? '';
    expect((await api.browse(cookie, '/api/v1/session')).body.account.name).toBe('管理员一号');

    expect((await setup({ name: '另一人' })).status).toBe(403);
    expect(await createSetupLink(api.db, api.clock.now())).toBeNull();
  });

  test('a link is good for 24 hours, and a newer one replaces it', async () => {
    const other = await startApi();
    const use = async (token: string | null) =>
      (await other.browse(null, '/api/v1/setup', { method: 'POST', body: { token, name: '管理员', password } })).status;
    const [first, second] = [await createSetupLink(other.db, other.clock.now()), await createSetupLink(other.db, other.clock.now())];
    expect(await use(first)).toBe(403);
    other.clock.advance(24 * 60 * minute);
    expect(await use(second)).toBe(403);
    const third = await createSetupLink(other.db, other.clock.now());
    other.clock.advance(24 * 60 * minute - 1);
    expect((await Promise.all([use(third), use(third)])).sort()).toEqual([201, 403]);
    expect(await other.db.selectFrom('account').select('name').execute()).toHaveLength(1);
    await other.stop();
  });

  test('the cookie is HttpOnly, SameSite=Strict, not Secure over plain HTTP; the row holds no token', async () => {
    const answer = await api.browse(null, '/api/v1/session', { method: 'POST', body: { name: '管理员一号', password } });
    const line = answer.headers.getSetCookie()[0] ?? '';
    expect(line).toMatch(/^guanlan_session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/u);
    const rows = await api.db.selectFrom('session').selectAll().execute();
    const token = (answer.cookie ?? '').split('=')[1] ?? '';
    expect(rows.some((row) => row.token_hash.toString('base64url') === token || row.token_hash.toString() === token)).toBe(false);
  });

  test('a request of another site with our cookie is refused, one of ours is not', async () => {
    const training = { kind: 'business', heldOn: '2026-03-05', topic: '信息报送', people: 20 };
    const post = (headers: Record<string, string>) =>
      api.ask('/api/v1/trainings', { method: 'POST', body: training, headers: { cookie, ...headers } });
    expect((await post({ origin: 'https://elsewhere.example' })).body).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await post({})).status).toBe(403);
    expect((await post({ origin: 'null' })).status).toBe(403);
    expect((await post({ origin: api.api.address() })).status).toBe(201);
    // A form cannot send JSON without asking first.
    const form = await api.ask('/api/v1/trainings', {
      method: 'POST',
      body: JSON.stringify(training),
      headers: { cookie, origin: api.api.address(), 'content-type': 'text/plain' },
    });
    expect(form.body).toMatchObject({ code: 'bad-input', detail: '请求内容应为 application/json。' });
  });

  test('a session ends after 30 idle minutes, after 12 hours in any case, and on signing out', async () => {
    const fresh = async () =>
      (await api.browse(null, '/api/v1/session', { method: 'POST', body: { name: '管理员一号', password } })).cookie;
    const alive = async (of: string | null) => (await api.browse(of, '/api/v1/items')).status === 200;

    const idle = await fresh();
    api.clock.advance(29 * minute);
    expect(await alive(idle)).toBe(true);
    api.clock.advance(29 * minute);
    expect(await alive(idle)).toBe(true);
    api.clock.advance(31 * minute);
    expect(await alive(idle)).toBe(false);

    const long = await fresh();
    for (let passed = 0; passed < 12 * 60 - 20; passed += 20) {
      api.clock.advance(20 * minute);
      expect(await alive(long)).toBe(true);
    }
    api.clock.advance(20 * minute);
    expect(await alive(long)).toBe(false);

    const left = await fresh();
    expect((await api.browse(left, '/api/v1/session', { method: 'DELETE' })).status).toBe(204);
    expect(await alive(left)).toBe(false);
  });
});

describe('guessing passwords', () => {
  test('five failures lock the account for 15 minutes, and one address may try ten times a minute', async () => {
    const api = await startApi();
    await setUp(api);
    const login = (secret: string) => api.browse(null, '/api/v1/session', { method: 'POST', body: { name: '管理员', password: secret } });
    try {
      for (let i = 0; i < 5; i += 1) expect((await login(`wrong password ${i}`)).status).toBe(401);
      const locked = await login(password);
      expect(locked.body).toMatchObject({ status: 429, code: 'too-many-requests' });
      expect(locked.headers.get('retry-after')).toBe('900');
      api.clock.advance(15 * minute);
      expect((await login(password)).status).toBe(200);
      // The ten of this minute: 7 so far here, and the setup has a count of its own.
      for (let i = 0; i < 3; i += 1) expect((await login('wrong again and again')).status).toBe(401);
      expect((await login(password)).body).toMatchObject({ code: 'too-many-requests', detail: '尝试过于频繁，请稍后再试。' });
      expect((await api.ask('/api/v1/session')).status).toBe(200);
    } finally {
      await api.stop();
    }
  });

  test('guesses made at the same moment are bounded too', async () => {
    const api = await startApi();
    await setUp(api);
    try {
      const guesses = Array.from({ length: 9 }, (_, i) =>
        api.browse(null, '/api/v1/session', { method: 'POST', body: { name: '管理员', password: `guess number ${i}` } }),
      );
      const statuses = (await Promise.all(guesses)).map((answer) => answer.status).sort();
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429]);
    } finally {
      await api.stop();
    }
  });

  test('behind https the cookie is Secure and bound to the host, and that origin is ours', async () => {
    const api = await startApi({ publicUrl: 'https://guanlan.example/' });
    try {
      const token = await createSetupLink(api.db, api.clock.now());
      const answer = await api.ask('/api/v1/setup', {
        method: 'POST',
        body: { token, name: '管理员', password },
        headers: { origin: 'https://guanlan.example' },
      });
      expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-guanlan_session=.*; HttpOnly; Secure; SameSite=Strict$/u);
      expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
      const me = await api.ask('/api/v1/session', { headers: { cookie: answer.cookie ?? '' } });
      expect(me.body.account.name).toBe('管理员');
    } finally {
      await api.stop();
    }
  });
});

describe('who may do what', () => {
  let api: ApiHarness;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  test('a token may do what its scopes say and nothing else, until it is revoked', async () => {
    const make = (name: string, scopes: string[]) => createApiToken(api.db, { name, scopes, now: api.clock.now() });
    const [read, intake, write] = await Promise.all([make('读', ['read']), make('送', ['intake']), make('办', ['write'])]);
    const get = (token: string) => api.ask('/api/v1/items', { headers: { authorization: `Bearer ${token}` } });
    const send = (token: string) =>
      api.ask('/api/v1/intake', {
        method: 'POST',
        body: { items: [{ externalId: '1', title: '路灯不亮' }] },
        headers: { authorization: `Bearer ${token}` },
      });
    const train = (token: string) =>
      api.ask('/api/v1/trainings', {
        method: 'POST',
        body: { kind: 'media', heldOn: '2026-04-01', topic: '规范', people: 9 },
        headers: { authorization: `Bearer ${token}` },
      });

    expect([(await get(read.token)).status, (await send(read.token)).status, (await train(read.token)).status]).toEqual([200, 403, 403]);
    expect([(await get(intake.token)).status, (await send(intake.token)).status, (await train(intake.token)).status]).toEqual([
      403, 200, 403,
    ]);
    expect([(await get(write.token)).status, (await send(write.token)).status, (await train(write.token)).status]).toEqual([403, 403, 201]);

    expect(read.token).toMatch(/^gl_[\w-]{43}$/u);
    expect((await get('gl_wrong')).body).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await get(read.token.slice(3))).status).toBe(401);
    expect((await api.ask('/api/v1/items')).status).toBe(401);
    await revokeApiToken(api.db, read.id, api.clock.now());
    expect((await get(read.token)).status).toBe(401);
    await expect(make('坏', ['everything'])).rejects.toMatchObject({ code: 'bad-input' });
    await expect(make('办', ['read'])).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a leader reads, an auditor reads the log too, an analyst acts but does not define sources', async () => {
    const admin = await setUp(api);
    const as = async (role: string) => {
      await sql`update account set role = ${role}`.execute(api.db);
      const tries = [
        api.browse(admin, '/api/v1/items'),
        api.browse(admin, '/api/v1/audit'),
        api.browse(admin, '/api/v1/alerts/999/acknowledge', { method: 'POST', body: {} }),
        api.browse(admin, '/api/v1/sources/999/pause', { method: 'POST' }),
        api.browse(admin, '/api/v1/intake', { method: 'POST', body: { items: [] } }),
      ];
      return (await Promise.all(tries)).map((answer) => answer.status);
    };
    expect(await as('admin')).toEqual([200, 200, 404, 404, 403]);
    expect(await as('analyst')).toEqual([200, 403, 404, 403, 403]);
    expect(await as('leader')).toEqual([200, 403, 403, 403, 403]);
    expect(await as('auditor')).toEqual([200, 200, 403, 403, 403]);
  });

  test('the audit log holds every act, verifies, and shows a changed, a removed and an inserted line', async () => {
    const before = await verifyAudit(api.db);
    expect(before).toMatchObject({ ok: true });
    const acts = await api.db.selectFrom('audit_entry').select(['actor', 'act']).execute();
    expect(acts).toEqual(
      expect.arrayContaining([
        { actor: '办', act: 'training.add' },
        { actor: '送', act: 'intake.accept' },
        { actor: '管理员', act: 'account.setup' },
      ]),
    );
    expect(before.entries).toBe(acts.length);

    const spoilt = async (statement: string) => {
      const seen: Awaited<ReturnType<typeof verifyAudit>>[] = [];
      await api.db
        .transaction()
        .execute(async (tx) => {
          await sql.raw(statement).execute(tx);
          seen.push(await verifyAudit(tx));
          throw new Error('undo');
        })
        .catch(() => {});
      return seen[0];
    };
    expect(await spoilt(`update audit_entry set data = '{"changed":1}' where id = 2`)).toMatchObject({ ok: false, brokenAt: 2 });
    expect(await spoilt(`update audit_entry set at = at + interval '1 second' where id = 1`)).toMatchObject({ ok: false, brokenAt: 1 });
    expect(await spoilt('delete from audit_entry where id = 2')).toMatchObject({ ok: false, brokenAt: 3 });
    expect(
      await spoilt(
        'insert into audit_entry select id + 1000, at, actor, act, subject, data, previous_hash, hash from audit_entry where id = 1',
      ),
    ).toMatchObject({ ok: false, brokenAt: 1001 });
    const cut = await spoilt('delete from audit_entry where id = (select max(id) from audit_entry)');
    expect(cut?.ok).toBe(true);
    expect(cut?.head).not.toBe(before.head);
    expect(await verifyAudit(api.db)).toEqual(before);
  });
});
