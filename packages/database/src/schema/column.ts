import type { ColumnType, JSONColumnType } from 'kysely';

/** A moment: read as a Date; written as a Date or left to the database. */
export type At = ColumnType<Date, Date | undefined, Date>;
export type MaybeAt = ColumnType<Date | null, Date | null | undefined, Date | null>;
export type Json<T extends object> = JSONColumnType<T, string, string>;
export type JsonDefault<T extends object> = ColumnType<T, string | undefined, string>;
