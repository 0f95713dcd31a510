/** One of several processes that fetch from the same hosts through the product's client and the shared budget. Prints nothing. */
import { connect, reserveHostStart } from '@guanlan/database';
import { systemClock as clock, createHttpClient, createSharedPace } from '@guanlan/runtime';

const { databaseUrl, port, hosts, requests, intervalMs } = JSON.parse(process.env.VISITOR_INPUT ?? '{}') as {
  databaseUrl: string;
  port: number;
  hosts: string[];
  requests: number;
  intervalMs: number;
};
const db = connect({ connectionString: databaseUrl, max: 2 });
const http = createHttpClient({
  userAgent: 'GuanlanTest/1.0',
  perHostIntervalMs: intervalMs,
  pace: createSharedPace({ clock, reserve: (reservation) => reserveHostStart(db, reservation) }),
  resolve: async () => [{ address: '127.0.0.1', family: 4 }],
});
await Promise.all(
  hosts.flatMap((host) =>
    Array.from({ length: requests }, async () => (await http.fetch(`http://${host}:${port}/`, { allowPrivate: true })).bytes()),
  ),
);
await http.close();
await db.destroy();
