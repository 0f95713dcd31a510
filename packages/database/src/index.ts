export * from './connect.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, openEmbeddedPostgres } from './embedded/index.ts';
export * from './migrate.ts';
export * from './repositories/account.ts';
export { admitNotifications } from './repositories/admission.ts';
export * from './repositories/alert.ts';
export * from './repositories/alert-act.ts';
export * from './repositories/alert-entry.ts';
export * from './repositories/alert-policy.ts';
export * from './repositories/api-token.ts';
export { type Judgement, type NewAssessment, saveAssessments } from './repositories/assessment.ts';
export * from './repositories/attachment.ts';
export * from './repositories/audit.ts';
export { failCanary, landCanary, launchCanary, readCanary } from './repositories/canary.ts';
export * from './repositories/census.ts';
export * from './repositories/channel.ts';
export * from './repositories/deadline.ts';
export * from './repositories/decision.ts';
export * from './repositories/decision-sweep.ts';
export * from './repositories/delivery.ts';
export * from './repositories/direct-report.ts';
export * from './repositories/drill.ts';
export * from './repositories/event.ts';
export * from './repositories/event-act.ts';
export * from './repositories/event-facts.ts';
export * from './repositories/event-hours.ts';
export * from './repositories/event-response.ts';
export * from './repositories/grouping.ts';
export * from './repositories/host-pace.ts';
export * from './repositories/inhibition.ts';
export * from './repositories/intake-receipt.ts';
export {
  claimLeftItems,
  insertItems,
  itemBatch,
  knownItemKeys,
  loadPendingItems,
  type NewItem,
  type PendingItem,
  pendingItems,
  type StoredItem,
} from './repositories/item.ts';
export * from './repositories/item-assessed.ts';
export * from './repositories/item-list.ts';
export { type ItemRevision, listRevisions, noteRevisions } from './repositories/item-revision.ts';
export * from './repositories/lexicon-draft.ts';
export * from './repositories/lexicon-history.ts';
export * from './repositories/lexicon-revision.ts';
export * from './repositories/notice.ts';
export * from './repositories/notification.ts';
export * from './repositories/progress.ts';
export * from './repositories/pulse.ts';
export * from './repositories/push-key.ts';
export * from './repositories/quality.ts';
export * from './repositories/ranking.ts';
export * from './repositories/reassessment.ts';
export * from './repositories/receiver.ts';
export * from './repositories/report-unit.ts';
export * from './repositories/roster.ts';
export * from './repositories/route.ts';
export * from './repositories/sample.ts';
export * from './repositories/session.ts';
export * from './repositories/setup-link.ts';
export * from './repositories/silence.ts';
export * from './repositories/source.ts';
export * from './repositories/source-definition.ts';
export * from './repositories/source-edit.ts';
export * from './repositories/source-health.ts';
export * from './repositories/source-health-check.ts';
export * from './repositories/source-health-coverage.ts';
export * from './repositories/story.ts';
export * from './repositories/tally.ts';
export * from './repositories/training.ts';
export * from './repositories/week.ts';
export type { Role } from './schema/account.ts';
export type { Database } from './schema.ts';
