import { GuanlanError } from '@guanlan/domain';
import type { NodemailerError, SendMailOptions, SMTPSentMessageInfo } from 'nodemailer';
import { failed, type SendContext, type SendResult } from './define.ts';
import { fault } from './http-result.ts';

export interface SmtpServer {
  host: string;
  port: number;
  /** `tls` from the first byte, `starttls` before anything else (never without), `none` in the clear. */
  security: 'tls' | 'starttls' | 'none';
  user?: string | undefined;
  password?: string | undefined;
  /** PEM of the authority that signed the server's certificate, where no public one did. */
  ca?: string | undefined;
}

/** A greylisting server wants the second try some minutes later: this long, and eight tries pass its usual five minutes. */
const laterSeconds = 60;

/**
 * One mail over a connection of the guarded client. By RFC 5321 §4.2.1 a 4yz reply may pass and a 5yz will not. Where some of the
 * recipients are put off (4yz) all is tried again, with the same Message-ID: twice for one is better than never for another.
 * Those refused for good (5yz) do not hold up the others; the result says how many. Throws only the signal's reason.
 */
export async function sendMail(
  { host, port, security, user, password, ca }: SmtpServer,
  mail: SendMailOptions,
  { connect, timeoutMs, signal }: Pick<SendContext, 'connect' | 'timeoutMs' | 'signal'>,
): Promise<SendResult> {
  signal.throwIfAborted();
  // Loaded when a mail is sent: most installations never send one.
  const { createTransport } = await import('nodemailer');
  const limit = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, limit]);
  let refused: unknown;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    tls: { ...(ca === undefined ? {} : { ca }) },
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_options, done) => {
      connect({ hostname: host, port, signal: either }).then(
        (connection) => {
          // Nothing of the conversation outlives its time, whatever it waits for.
          either.addEventListener('abort', () => connection.destroy(), { once: true });
          done(null, { connection });
        },
        (error: unknown) => {
          refused = error;
          done(error as Error);
        },
      );
    },
  });
  try {
    const info = await Promise.race([transport.sendMail(mail), aborted(either)]);
    return delivered(info);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (limit.aborted) return failed(`邮件服务器 ${host}:${port} 在 ${timeoutMs / 1_000} 秒内没有收下邮件`, true);
    if (refused instanceof GuanlanError) return fault(refused);
    return meaningOf(error as NodemailerError, host);
  } finally {
    transport.close();
  }
}

function delivered(info: SMTPSentMessageInfo): SendResult {
  const refusals = info.rejectedErrors ?? [];
  const response = info.response ?? '';
  const [first] = refusals;
  if (first === undefined) return { ok: true, response, retryable: false };
  const all = refusals.length + (info.accepted?.length ?? 0);
  const later = refusals.find((refusal) => isPassing(refusal));
  const words = `${all} 个收件人中有 ${refusals.length} 个没有收下：${(later ?? first).response ?? first.message}`;
  return later === undefined ? { ok: true, response: `${response}；${words}`, retryable: false } : putOff(words);
}

function meaningOf(error: NodemailerError, host: string): SendResult {
  const { code, responseCode } = error;
  const said = error.response ?? error.message;
  if (responseCode !== undefined && responseCode >= 400 && responseCode < 500) return putOff(`邮件服务器请稍后再试：${said}`);
  if (code === 'EAUTH') return failed(`登录邮件服务器失败，请核对用户名和密码（很多邮箱要用“授权码”而不是登录密码）：${said}`, false);
  if (code === 'ENOAUTH') return failed('邮件服务器要求登录，请填写用户名和密码', false);
  if (responseCode !== undefined && responseCode >= 500) return failed(`邮件服务器拒收：${said}`, false);
  if (code === 'ETLS' || isCertificate(error)) {
    const mend = '请核对端口与加密方式，以及服务器证书；确为可信内网中继的可设为不加密（security=none）';
    return failed(`与 ${host} 的加密连接失败，${mend}：${said}`, true);
  }
  return failed(`与邮件服务器 ${host} 的对话中断：${said}`, true);
}

function isPassing({ responseCode }: NodemailerError): boolean {
  return responseCode !== undefined && responseCode >= 400 && responseCode < 500;
}

function putOff(response: string): SendResult {
  return { ...failed(response, true), retryAfterSeconds: laterSeconds };
}

function isCertificate(error: Error): boolean {
  return /certificate|self.signed|SSL|TLS/iu.test(error.message);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
