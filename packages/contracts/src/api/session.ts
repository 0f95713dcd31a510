import { z } from 'zod';
import { at, id } from './wire.ts';

export const roles = ['admin', 'analyst', 'leader', 'auditor'] as const;

export const accountName = z.string().trim().min(2).max(64);

/** At least 12 characters and not the account's name; nothing more is asked of it (NIST SP 800-63B §3.1.1). */
export const newPassword = z.string().min(12, '至少 12 个字符').max(256, '至多 256 个字符');

export const accountView = z.object({ id, name: z.string(), role: z.enum(roles) });
export type AccountView = z.infer<typeof accountView>;

/** `GET /api/v1/session`: who is signed in. Answers 200 for anybody, so that the console knows what to show. */
export const sessionView = z
  .object({
    account: accountView.nullable(),
    /** No account exists yet: the one-time setup link that the start printed must be opened. */
    setupNeeded: z.boolean(),
    /** The session ends then at the latest; null when nobody is signed in or a token is used. */
    expiresAt: at.nullable(),
  })
  .meta({ id: 'Session' });
export type SessionView = z.infer<typeof sessionView>;

/** `POST /api/v1/session`: sign in. Answers a {@link sessionView} and sets the cookie. `DELETE` signs out (204). */
export const loginRequest = z.object({ name: accountName, password: z.string().min(1).max(256) });
export type LoginRequest = z.infer<typeof loginRequest>;

/** `POST /api/v1/setup`: the first account, an administrator, by the one-time link's token. Signs in as well. */
export const setupRequest = z.object({ token: z.string().min(1).max(200), name: accountName, password: newPassword });
export type SetupRequest = z.infer<typeof setupRequest>;
