import { type AlertMessage, levelRank } from '@guanlan/domain';
import { z } from 'zod';

/** An http(s) address in an option. */
export function webAddress(title: string) {
  return z
    .url({ protocol: /^https?$/u, error: '请填写以 http:// 或 https:// 开头的完整网址' })
    .max(2_000, '网址过长')
    .meta({ title });
}

/**
 * The address of a robot: whoever knows it can write into the group, so all of it is secret. `fits` knows the form of those at its
 * maker's (a host of `example`'s domain); a relay or a private installation elsewhere may have any.
 */
export function robotAddress(example: string, fits: (url: URL) => boolean) {
  const domain = new URL(example).hostname.split('.').slice(-2).join('.');
  return webAddress('机器人 Webhook 地址')
    .refine((value) => {
      const url = URL.parse(value);
      return url !== null && (!`.${url.hostname}`.endsWith(`.${domain}`) || fits(url));
    }, `应为机器人设置页复制的完整地址，形如 ${example}`)
    .meta({ title: '机器人 Webhook 地址', description: `形如 ${example}`, secret: true });
}

/** A key. */
export function secretText(title: string, description?: string) {
  return z
    .string(`请填写${title}`)
    .min(1, `请填写${title}`)
    .max(500, `${title}过长`)
    .meta({ title, secret: true, ...(description === undefined ? {} : { description }) });
}

/** From which level on everybody in the group is called by name. */
export function callAll() {
  return z
    .enum(['never', 'I', 'II'], '只能是 never、I 或 II')
    .default('never')
    .meta({ title: '@所有人', description: 'never 从不；I 特别重大时；II 重大和特别重大时' });
}

/** Whether this message does; a test and a notice never do. */
export function callsAll({ level, test, notice }: AlertMessage, from: 'never' | 'I' | 'II'): boolean {
  return from !== 'never' && test !== true && notice === undefined && levelRank(level) >= levelRank(from);
}

export const jsonHeaders = { 'Content-Type': 'application/json; charset=utf-8' };
