import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.ts';

/** `__Host-` makes a browser refuse the cookie from another host or over plain HTTP, but it needs HTTPS itself. */
const secureName = '__Host-guanlan_session';
const plainName = 'guanlan_session';

export function readSessionCookie(request: FastifyRequest): string | null {
  return request.cookies[secureName] ?? request.cookies[plainName] ?? null;
}

export function setSessionCookie({ publicUrl }: ApiContext, reply: FastifyReply, token: string, expiresAt: Date): void {
  reply.setCookie(isSecure(publicUrl) ? secureName : plainName, token, { ...attributes(publicUrl), expires: expiresAt });
}

export function clearSessionCookie({ publicUrl }: ApiContext, reply: FastifyReply): void {
  reply.clearCookie(isSecure(publicUrl) ? secureName : plainName, attributes(publicUrl));
}

function attributes(publicUrl: string | null) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(publicUrl) } as const;
}

function isSecure(publicUrl: string | null): boolean {
  return publicUrl?.startsWith('https:') ?? false;
}
