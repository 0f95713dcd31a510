import type { NotificationView } from '@guanlan/contracts';
import type { NotificationRow } from '@guanlan/database';

/** A line of the ledger as a case shows it. */
export function notificationViewOf({ alertId: _, tries, ...row }: NotificationRow): NotificationView {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    lastResponse: tries.at(-1)?.response ?? '',
  };
}
