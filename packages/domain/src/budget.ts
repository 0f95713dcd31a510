/** At most so many messages in any so many milliseconds, of one channel. */
export interface Budget {
  limit: number;
  windowMs: number;
}

/** At most so much of a budget is kept for level I. */
const keptShare = 0.75;

/**
 * Whether one message more, sent now, leaves room in each of the budgets for level I, a digest every `urgentEveryMs` with the first at any
 * moment, and for one digest of all the rest. So a storm that lasts never makes level I wait for a budget. What nobody has used
 * is always free: a budget too small for that pace still lets a message through, and keeps a slower one. A budget that is free
 * again before the next digest is never waited for.
 */
export function leavesRoom(
  used: readonly Date[],
  budgets: readonly Budget[],
  { now, urgentEveryMs }: { now: Date; urgentEveryMs: number },
): boolean {
  return budgets.every(({ limit, windowMs }) => {
    const everyMs = Math.max(urgentEveryMs, windowMs / (limit * keptShare));
    if (windowMs <= everyMs) return true;
    for (let digests = 1; (digests - 1) * everyMs < windowMs; digests += 1) {
      const since = now.getTime() + (digests - 1) * everyMs - windowMs;
      const still = used.filter((at) => at.getTime() > since).length;
      if (still > 0 && still + digests + 2 > limit) return false;
    }
    return true;
  });
}
