import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { afterEach, expect, it } from 'vitest';
import { createCertificates } from './certificate.ts';
import { selfSigned } from './certificate-fixture.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

it('knows until when the certificate a host showed is valid, and nothing of hosts that showed none', async () => {
  const notAfter = new Date('2031-05-06T07:08:09Z');
  const server = createServer(selfSigned(notAfter), (_, response) => response.end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const certificates = createCertificates();
  const dispatcher = new Agent({ connect: certificates.noting({ rejectUnauthorized: false, allowH2: false }) });
  closers.push(() => dispatcher.close());
  const url = new URL(`https://localhost:${(server.address() as AddressInfo).port}/`);
  expect(certificates.expiryOf(url)).toBeNull();
  expect(await (await request(url, { dispatcher })).body.text()).toBe('ok');
  expect(certificates.expiryOf(url)).toEqual(notAfter);
  expect(certificates.expiryOf(new URL('http://localhost/'))).toBeNull();
  expect(certificates.expiryOf(new URL('https://other.example/'))).toBeNull();
});
