import { hash } from 'node:crypto';
import { parseFeed } from 'htmlparser2';
import pg from 'pg';

/** What somebody would write without the product: one table, one statement per feed. */
export async function openPlainStore(connectionString: string): Promise<{ store(feed: string): Promise<number>; close(): Promise<void> }> {
  const pool = new pg.Pool({ connectionString, max: 4 });
  await pool.query('create table post (key text primary key, url text, title text not null, text text not null, published_at timestamptz)');
  return {
    store: async (xml) => {
      const items = parseFeed(xml)?.items ?? [];
      const { rowCount } = await pool.query(
        `insert into post select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) on conflict do nothing`,
        [
          items.map((i) => hash('sha256', i.link ?? i.id ?? '', 'hex')),
          items.map((i) => i.link ?? null),
          items.map((i) => i.title ?? ''),
          items.map((i) => (i.description ?? '').replace(/<[^>]*>/gu, '')),
          items.map((i) => i.pubDate ?? null),
        ],
      );
      return rowCount ?? 0;
    },
    close: () => pool.end(),
  };
}
