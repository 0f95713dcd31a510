import { expect, test } from 'vitest';
import { checkPassword, hashPassword, verifyPassword } from './password.ts';

test('a hash verifies its own password only, differs each time and does not contain it', async () => {
  const [one, two] = await Promise.all([hashPassword('正确的马电池订书钉12'), hashPassword('正确的马电池订书钉12')]);
  expect(one).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/u);
  expect(one).not.toBe(two);
  expect(await verifyPassword('正确的马电池订书钉12', one)).toBe(true);
  expect(await verifyPassword('正确的马电池订书钉13', one)).toBe(false);
  // The same characters, composed differently by another keyboard.
  expect(await verifyPassword('e\u0301e\u0301e\u0301e\u0301', await hashPassword('éééé'))).toBe(true);
  for (const broken of ['', 'scrypt$', 'plain$1$1$1$a$b']) expect(await verifyPassword('x', broken)).toBe(false);
});

test('a new password has 12 characters and is not the name', () => {
  expect(() => checkPassword('elevenchars', 'a')).toThrow('至少 12 个字符');
  expect(() => checkPassword('Duty Analyst', 'duty analyst ')).toThrow('不能与账号名相同');
  expect(() => checkPassword('twelve chars', 'duty analyst')).not.toThrow();
});
