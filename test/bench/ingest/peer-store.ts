import { createHash } from 'node:crypto';
import { AhoCorasick } from '@monyone/aho-corasick/fast';
import { Kysely, PostgresDialect, sql } from 'kysely';
import nodejieba from 'nodejieba';
import pg from 'pg';
import { incidentWords, keywords } from './vocabulary.ts';

/** The tables a straightforward program would have. */
interface PeerDatabase {
  peer_item: { id: number; key: string; title: string; text: string; words: number; hits: number };
  peer_alert: { item_id: number; word: string };
  peer_counter: { name: string; n: number };
}

export interface PeerItem {
  url: string;
  title: string;
  text: string;
}

export interface Judged extends PeerItem {
  key: string;
  words: number;
  hits: string[];
}

export async function openPeerStore(connectionString: string): Promise<Kysely<PeerDatabase>> {
  const db = new Kysely<PeerDatabase>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString, max: 4 }) }) });
  await sql`create table peer_item (id bigint generated always as identity primary key, key text not null unique, title text not null, text text not null, words integer not null, hits integer not null, at timestamptz not null default now())`.execute(
    db,
  );
  await sql`create index on peer_item (at)`.execute(db);
  await sql`create table peer_alert (item_id bigint not null references peer_item, word text not null)`.execute(db);
  await sql`create table peer_counter (name text primary key, n bigint not null)`.execute(db);
  await sql`insert into peer_counter values ('items', 0)`.execute(db);
  return db;
}

const incident = new Set(incidentWords);
const automaton = new AhoCorasick([...keywords(), ...incidentWords]);
nodejieba.load();

/** Match, segment, fingerprint: what the usual libraries offer. */
export function judge(item: PeerItem): Judged {
  const text = `${item.title}\n${item.text}`;
  const hits = automaton.matchInText(text).map((m) => m.keyword);
  const words = nodejieba.cut(text).length;
  const key = createHash('sha1').update(item.url).digest('hex');
  return { ...item, key, words, hits };
}

/** Stores judged items with their alerts and the counter in one transaction. Returns the alerts made. */
export async function store(db: Kysely<PeerDatabase>, items: readonly Judged[]): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .insertInto('peer_item')
      .values(items.map((i) => ({ key: i.key, title: i.title, text: i.text, words: i.words, hits: i.hits.length })) as never)
      .onConflict((oc) => oc.column('key').doNothing())
      .returning(['id', 'key'])
      .execute();
    const ids = new Map(rows.map((r) => [r.key, r.id]));
    const alerts = items.flatMap((i) => {
      const word = i.hits.find((h) => incident.has(h));
      const id = ids.get(i.key);
      return word === undefined || id === undefined ? [] : [{ item_id: id, word }];
    });
    if (alerts.length > 0) await tx.insertInto('peer_alert').values(alerts).execute();
    if (rows.length > 0)
      await tx
        .updateTable('peer_counter')
        .set((eb) => ({ n: eb('n', '+', rows.length) }))
        .where('name', '=', 'items')
        .execute();
    return alerts.length;
  });
}
