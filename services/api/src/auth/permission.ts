import type { ApiTokenScope, Role } from '@guanlan/database';

/**
 * `read` look; `act` work on alerts, check a source now, add a training; `manage` define sources; `intake` hand over items;
 * `report` file reports for a unit and see what became of them; `audit` read the log; `none` anybody, signed in or not.
 */
export type Permission = 'read' | 'act' | 'manage' | 'intake' | 'report' | 'audit' | 'none';

export const rolePermissions: Record<Role, ReadonlySet<Permission>> = {
  admin: new Set(['read', 'act', 'manage', 'audit']),
  analyst: new Set(['read', 'act']),
  leader: new Set(['read']),
  auditor: new Set(['read', 'audit']),
};

export const scopePermissions: Record<ApiTokenScope, readonly Permission[]> = {
  read: ['read'],
  intake: ['intake'],
  write: ['act', 'manage'],
};
