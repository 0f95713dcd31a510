import { pino } from 'pino';

export type Logger = pino.Logger;

/**
 * Structured log to stderr (stdout belongs to results). Item titles and texts are never logged: ids are.
 * Secrets in known places are replaced.
 */
export function createLogger(options: { level?: string; name?: string } = {}): Logger {
  return pino(
    {
      name: options.name ?? 'guanlan',
      level: options.level ?? 'info',
      redact: { paths: ['*.password', '*.secret', '*.token', '*.authorization', 'secret', 'password', 'token'], censor: '[removed]' },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
