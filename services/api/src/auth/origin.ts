import { GuanlanError } from '@guanlan/domain';
import type { FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.ts';

/**
 * Refuses a state-changing request that a page of another site made a browser send (OWASP CSRF Cheat Sheet, "verifying
 * origin"). Browsers always send `Origin` with such requests; a request that carries our cookie without one is refused too.
 */
export function requireSameOrigin({ publicUrl }: ApiContext, request: FastifyRequest): void {
  const { origin } = request.headers;
  if (origin === undefined) {
    const site = request.headers['sec-fetch-site'];
    if (request.actor === null && site === undefined) return;
    if (site === 'same-origin') return;
    throw new GuanlanError('forbidden', '请求没有说明来源（Origin），未执行。程序调用请改用接口令牌。');
  }
  const own = [`http://${request.host}`, `https://${request.host}`, ...(publicUrl === null ? [] : [new URL(publicUrl).origin])];
  if (!own.includes(origin)) throw new GuanlanError('forbidden', '请求来自别的网站，未执行。');
}
