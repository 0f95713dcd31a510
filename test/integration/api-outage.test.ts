import { createApi } from '@guanlan/api';
import { connect, createApiToken, migrate } from '@guanlan/database';
import { createBus } from '@guanlan/queue';
import { createLogger, systemClock } from '@guanlan/runtime';
import { expect, test } from 'vitest';
import { createPostgresServer } from '../support/postgres-server.ts';

test('while the database is away the API says so, keeps living, and serves again by itself', async () => {
  const server = await createPostgresServer();
  await server.start();
  const logger = createLogger({ level: 'silent' });
  const db = connect({ connectionString: server.url, max: 4 });
  await migrate(db);
  const bus = createBus({ backend: { kind: 'postgres', connectionString: server.url }, logger });
  await bus.start();
  const api = createApi({ db, bus, clock: systemClock, logger, host: '127.0.0.1', port: 0, consoleDir: null });
  await api.start();
  try {
    const { token } = await createApiToken(db, { name: '读', scopes: ['read'], now: new Date() });
    const ask = async (path: string) => {
      const response = await fetch(`${api.address()}${path}`, { headers: { authorization: `Bearer ${token}` } });
      return { status: response.status, text: await response.text() };
    };
    expect((await ask('/api/v1/items')).status).toBe(200);
    expect((await ask('/readyz')).status).toBe(200);

    await server.stop('kill');
    for (let i = 0; i < 6; i += 1) {
      const answer = await ask('/api/v1/items');
      expect(JSON.parse(answer.text)).toMatchObject({ status: 503, code: 'database-unavailable' });
    }
    expect(JSON.parse((await ask('/readyz')).text)).toMatchObject({ missing: ['database', 'queue'] });
    expect((await ask('/metrics')).text).toContain('guanlan_part_up{part="database"} 0');
    expect((await ask('/healthz')).status).toBe(200);

    await server.start();
    await expect.poll(async () => (await ask('/readyz')).status, { timeout: 20_000, interval: 250 }).toBe(200);
    expect((await ask('/api/v1/items')).status).toBe(200);
  } finally {
    await api.stop();
    await bus.close();
    await db.destroy();
    await server.remove();
  }
});
