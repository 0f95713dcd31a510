import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineChannel } from '../define.ts';
import { textOf } from '../fit.ts';
import { htmlOf } from '../html.ts';
import { secretText } from '../option-fields.ts';
import { sendMail } from '../smtp.ts';
import { wordingOf } from '../wording.ts';

const address = z.email();

/**
 * A mail (text and HTML) through the office's own SMTP server (RFC 5321; submission with TLS, RFC 8314). It is marked as sent by a
 * machine (RFC 3834), and its Message-ID is made of the idempotency key: a mail that arrives twice says so.
 */
export default defineChannel({
  kind: 'email',
  title: '电子邮件',
  guide: '向单位邮箱管理员要 SMTP 主机、端口、用户名；公共邮箱在网页设置中开启 SMTP 并生成“授权码”作为密码',
  options: z.strictObject({
    host: z
      .string('请填写 SMTP 主机')
      .regex(/^[A-Za-z0-9.:-]{1,253}$/u, '应为主机名或 IP 地址，如 smtp.example.cn')
      .meta({ title: 'SMTP 主机' }),
    port: z
      .number('应为整数')
      .int('应为整数')
      .min(1, '端口应在 1 到 65535 之间')
      .max(65_535, '端口应在 1 到 65535 之间')
      .default(465)
      .meta({ title: '端口', description: '常用 465（tls）或 587（starttls）' }),
    security: z
      .enum(['auto', 'tls', 'starttls', 'none'], '只能是 auto、tls、starttls 或 none')
      .default('auto')
      .meta({ title: '加密方式', description: 'auto：465 端口用 tls，其他用 starttls；none 不加密，只用于本机或可信内网的中继' }),
    user: z.string().max(200, '用户名过长').meta({ title: '用户名', description: '不需要登录时不填' }).optional(),
    password: secretText('密码或授权码', '不需要登录时不填').optional(),
    from: z.string('请填写发件地址').refine(isAddress, '应为邮件地址，如 guanlan@example.cn').meta({ title: '发件地址' }),
    to: z
      .string('请填写收件地址')
      .max(2_000, '收件人过多')
      .refine((value) => recipientsOf(value).length > 0 && recipientsOf(value).every(isAddress), '应为邮件地址，多个用逗号隔开')
      .meta({ title: '收件地址', description: '多个用逗号隔开', secret: true }),
    ca: z
      .string()
      .max(20_000, '证书过长')
      .refine((value) => value.includes('-----BEGIN CERTIFICATE-----'), '应为 PEM 格式的证书')
      .meta({ title: '自签证书（PEM）', description: '服务器使用单位自签证书时填', lines: 4 })
      .optional(),
  }),

  render: (message) => {
    const wording = wordingOf(message);
    return {
      subject: wording.head,
      text: textOf(wording, () => true),
      html: htmlOf(wording),
      urgent: message.level === 'I' || message.level === 'II',
    };
  },

  send({ from, to, security, ...server }, { subject, text, html, urgent }, context) {
    const domain = from.slice(from.lastIndexOf('@') + 1);
    const mail = {
      from,
      to: recipientsOf(to),
      subject,
      text,
      html,
      date: context.now,
      messageId: `<${createHash('sha256').update(context.idempotencyKey).digest('hex').slice(0, 40)}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Guanlan-Key': context.idempotencyKey },
      ...(urgent ? { priority: 'high' as const } : {}),
    };
    const chosen = security === 'auto' ? (server.port === 465 ? 'tls' : 'starttls') : security;
    return sendMail({ ...server, security: chosen }, mail, context);
  },
});

function recipientsOf(text: string): string[] {
  return text.split(/[\s,，;；]+/u).filter((part) => part !== '');
}

function isAddress(text: string): boolean {
  return address.safeParse(text).success;
}
