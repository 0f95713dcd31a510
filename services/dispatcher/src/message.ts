import type { Story } from '@guanlan/database';
import { type AlertMessage, categoryInfo, drillMark, levelOfRank } from '@guanlan/domain';

/** A case as a message tells of it. */
export interface MessageFacts {
  alertId: number;
  eventId: number;
  rank: number;
  confirmedRank: number | null;
  title: string;
  itemCount: number;
  firstSeenAt: Date;
  drillId: number | null;
  story: Story;
}

export function messageOf(
  { alertId, eventId, rank, confirmedRank, title, itemCount, firstSeenAt, drillId, story }: MessageFacts,
  { idempotencyKey, reason, publicUrl }: { idempotencyKey: string; reason: string; publicUrl: string | null },
): AlertMessage {
  const drill = drillId !== null;
  return {
    idempotencyKey,
    alertId,
    eventId,
    level: levelOfRank(rank),
    ...(confirmedRank === null ? {} : { confirmedLevel: levelOfRank(confirmedRank) }),
    title: drill ? `${drillMark}${title}` : title,
    reason: drill ? `演练，${reason}` : reason,
    categories: story.categories,
    places: story.places,
    departments: [...new Set(story.categories.map((category) => categoryInfo(category).department))],
    itemCount,
    sourceCount: story.sourceCount,
    firstSeenAt: firstSeenAt.toISOString(),
    evidence: story.evidence.map(({ rule, term, snippet }) => ({ rule, term, snippet })),
    items: story.items,
    link: publicUrl === null ? null : `${publicUrl}/alerts/${alertId}`,
    ...(drill ? { drill } : {}),
  };
}
