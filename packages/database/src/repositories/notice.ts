import type { AlertMessage, NoticeKind } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Something to tell people that is about no event. */
export interface NewNotice {
  /** Said once: a second notice with the same key is none. */
  key: string;
  kind: NoticeKind;
  title: string;
  text: string;
}

/**
 * Writes notices and a message of each to every one of these channels. Returns the notifications to ring for. Told to nobody
 * where there is no channel: then nothing is written, so that the first channel hears of it.
 */
export async function openNotices(
  tx: Db,
  notices: readonly NewNotice[],
  options: { channelIds: readonly number[]; now: Date; link: string | null },
): Promise<number[]> {
  const { channelIds, now, link } = options;
  const ids: number[] = [];
  if (channelIds.length === 0) return ids;
  for (const notice of notices) {
    const { rows } = await sql<{ id: number }>`
      insert into notice (key, kind, title, text, at) values (${notice.key}, ${notice.kind}, ${notice.title}, ${notice.text}, ${now})
      on conflict (key) do nothing returning id`.execute(tx);
    const [opened] = rows;
    if (!opened) continue;
    const messages = channelIds.map((channelId) => messageOf(notice, { id: opened.id, channelId, now, link }));
    const { rows: queued } = await sql<{ id: number }>`
      insert into notification (notice_id, channel_id, idempotency_key, rank, reason, message, due_at, created_at)
      select ${opened.id}, channel_id, key, 0, ${notice.text}, message, ${now}::timestamptz, ${now}::timestamptz
      from unnest(${[...channelIds]}::bigint[], ${messages.map((m) => m.idempotencyKey)}::text[], ${messages.map((m) => JSON.stringify(m))}::jsonb[])
        as n (channel_id, key, message)
      returning id`.execute(tx);
    ids.push(...queued.map(({ id }) => id));
  }
  return ids;
}

export interface NoticeRow extends NewNotice {
  id: number;
  at: Date;
}

/** Newest first. */
export async function listNotices(db: Db, limit: number): Promise<NoticeRow[]> {
  const rows = await db.selectFrom('notice').selectAll().orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({ ...row, kind: row.kind as NoticeKind }));
}

/** Whether anybody was sent anything since then, other than that all is quiet; a drill is nothing. */
export async function alertSentSince(db: Db, since: Date): Promise<boolean> {
  const { rows } = await sql<{ sent: boolean }>`
    select exists (
      select 1 from notification n left join notice o on o.id = n.notice_id left join alert al on al.id = n.alert_id
      where n.created_at >= ${since} and o.kind is distinct from 'daily' and n.carries is null and al.drill_id is null) as sent`.execute(
    db,
  );
  return rows[0]?.sent ?? false;
}

/** A notice in the form every channel can send: no level, no alert. */
function messageOf(notice: NewNotice, options: { id: number; channelId: number; now: Date; link: string | null }): AlertMessage {
  return {
    idempotencyKey: `notice-${options.id}-${options.channelId}`,
    alertId: 0,
    eventId: 0,
    level: 'none',
    title: notice.title,
    reason: notice.text,
    categories: [],
    places: [],
    departments: [],
    itemCount: 0,
    sourceCount: 0,
    firstSeenAt: options.now.toISOString(),
    evidence: [],
    items: [],
    link: options.link,
    notice: notice.kind,
  };
}
