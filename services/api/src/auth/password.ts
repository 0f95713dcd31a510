import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { GuanlanError } from '@guanlan/domain';

/** OWASP Password Storage Cheat Sheet: scrypt with N=2^15, r=8, p=3 (32 MiB and some 0.1 s per try). */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 2 ** 20 };
const keyLength = 32;
const minLength = 12;

/** What a new password must be. Throws `bad-input`. No rule on kinds of characters (NIST SP 800-63B §3.1.1.2). */
export function checkPassword(password: string, name: string): void {
  if (password.length < minLength) throw new GuanlanError('bad-input', `密码至少 ${minLength} 个字符。`);
  if (password.trim().toLowerCase() === name.trim().toLowerCase()) throw new GuanlanError('bad-input', '密码不能与账号名相同。');
}

/** `scrypt$N$r$p$salt$key`, salt and key in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, N, r, p, salt, key] = stored.split('$');
  if (scheme !== 'scrypt' || !salt || !key) return false;
  const expected = Buffer.from(key, 'base64url');
  const derived = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p), maxmem: cost.maxmem });
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

/** Takes as long as {@link verifyPassword}, so that time does not tell whether an account exists. */
export async function pretendToVerify(password: string): Promise<void> {
  await derive(password, Buffer.alloc(16), cost);
}

function derive(password: string, salt: Buffer, options: typeof cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same characters typed on another keyboard may be composed differently.
    scrypt(password.normalize('NFKC'), salt, keyLength, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
