import type { ColumnType, Generated } from 'kysely';
import type { At, JsonDefault, MaybeAt } from './column.ts';

export type Role = 'admin' | 'analyst' | 'leader' | 'auditor';

interface AccountTable {
  id: Generated<number>;
  name: string;
  role: Role;
  password_hash: string;
  created_at: At;
  disabled_at: MaybeAt;
  failed_logins: Generated<number>;
  locked_until: MaybeAt;
}

interface SessionTable {
  token_hash: Buffer;
  account_id: number;
  created_at: At;
  seen_at: At;
  expires_at: At;
}

interface SetupLinkTable {
  token_hash: Buffer;
  created_at: At;
  expires_at: At;
  used_at: MaybeAt;
}

interface ApiTokenTable {
  id: Generated<number>;
  name: string;
  token_hash: Buffer;
  scopes: string[];
  local: Generated<boolean>;
  created_at: At;
  last_used_at: MaybeAt;
  revoked_at: MaybeAt;
}

interface AuditEntryTable {
  id: number;
  at: ColumnType<Date, Date, never>;
  actor: string;
  act: string;
  subject: string;
  data: JsonDefault<Record<string, unknown>>;
  previous_hash: Buffer;
  hash: Buffer;
}

export interface AccountTables {
  account: AccountTable;
  session: SessionTable;
  setup_link: SetupLinkTable;
  api_token: ApiTokenTable;
  audit_entry: AuditEntryTable;
}
