/** Tries in all before a notification is given up and needs a person. */
export const maxAttempts = 8;

const firstMs = 1_000;
const longestMs = 600_000;
/** A receiver may ask for a pause, but not for ever. */
const longestAskedMs = 3_600_000;

/**
 * Milliseconds until the next try after `attempts` failed ones: 1 s, 2 s, 4 s … 10 min, of which up to a half is taken off at random
 * (so that what failed together does not return together), but never less than the receiver asked for (up to an hour).
 */
export function backoffMs(attempts: number, options: { random: number; retryAfterSeconds?: number | undefined }): number {
  const whole = Math.min(longestMs, firstMs * 2 ** (attempts - 1));
  const asked = Math.min(longestAskedMs, (options.retryAfterSeconds ?? 0) * 1_000);
  return Math.round(Math.max(whole * (1 - options.random / 2), asked));
}
