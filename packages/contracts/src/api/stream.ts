import type { z } from 'zod';
import { alertView } from './alert.ts';
import { progressView } from './progress.ts';

/**
 * `GET /api/v1/stream`: server-sent events. `event:` is the key, `data:` one JSON object of its schema.
 *
 * - `alert`: an alert was opened or changed; the same object as in the alerts list. Carries an `id:`, so that a browser that
 *   reconnects (`Last-Event-ID`) is told what it missed; the same state may come twice.
 * - `progress`: the year's figures, once on connecting and whenever they changed.
 */
export const streamEvents = { alert: alertView, progress: progressView } as const;

export type StreamEvents = { [Name in keyof typeof streamEvents]: z.infer<(typeof streamEvents)[Name]> };
