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

export const jsonHeaders = { 'Content-Type': 'application/json; charset=utf-8' };
