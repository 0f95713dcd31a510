import { type Kysely, sql } from 'kysely';

/** A weekly sample of what made no alert, for a person to judge. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table sample (
    -- ISO week in Asia/Shanghai: 2026-W47.
    week text primary key,
    -- Decides the draw, so that it can be checked.
    seed bigint not null,
    drawn_at timestamptz not null
  )`,
  // What a week's sample was drawn from.
  `create table sample_stratum (
    week text not null references sample,
    stratum text not null check (stratum in ('local', 'other')),
    population integer not null,
    primary key (week, stratum)
  )`,
  `create table sample_item (
    week text not null,
    item_id bigint not null references item,
    stratum text not null,
    verdict text check (verdict in ('missed', 'fine')),
    note text not null default '',
    judged_by text,
    judged_at timestamptz,
    primary key (week, item_id),
    foreign key (week, stratum) references sample_stratum
  )`,
];
