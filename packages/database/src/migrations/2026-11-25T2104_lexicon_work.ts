import { type Kysely, sql } from 'kysely';

/** A draft of the rules, revisions that may come back, and the judging anew that follows a publication. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A text that was in force before may be again: as a new revision, so that the newest assessment of an item stays the valid one.
  `alter table lexicon_revision drop constraint lexicon_revision_digest_key`,
  `alter table lexicon_revision add column author text not null default ''`,

  // The office works on one draft; version says whether somebody else has saved meanwhile.
  `create table lexicon_draft (
    singleton boolean primary key default true check (singleton),
    base_revision_id integer not null references lexicon_revision,
    body text not null,
    version integer not null,
    author text not null,
    updated_at timestamptz not null
  )`,

  // Stored items are judged anew under this revision. Only that of the newest revision is worked on.
  `create table reassessment (
    revision_id integer primary key references lexicon_revision,
    requested_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    -- The last item looked at in this pass over the items.
    watermark bigint not null default 0,
    total integer not null default 0,
    done integer not null default 0,
    raised integer not null default 0,
    lowered integer not null default 0
  )`,
];
