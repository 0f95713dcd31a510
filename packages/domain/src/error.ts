/**
 * The error table: every fault that leaves a package has a code from here, so that a stored reason, an HTTP
 * answer and a queue retry agree on what happened.
 *
 * `status` is the HTTP status of the API's answer; `retryable` decides whether a queue tries again;
 * `title` is what a person reads (Simplified Chinese).
 */
export const errorTable = {
  // input
  'bad-input': { status: 400, retryable: false, title: '输入有误' },
  'not-found': { status: 404, retryable: false, title: '找不到' },
  conflict: { status: 409, retryable: false, title: '与现有数据冲突' },
  unauthenticated: { status: 401, retryable: false, title: '请先登录' },
  forbidden: { status: 403, retryable: false, title: '没有权限' },
  'too-many-requests': { status: 429, retryable: true, title: '操作过于频繁' },
  // fetching
  'url-invalid': { status: 400, retryable: false, title: '网址无效' },
  'address-private': { status: 400, retryable: false, title: '网址指向内网地址，未获准访问' },
  'robots-disallowed': { status: 403, retryable: false, title: '该网站 robots.txt 不允许采集' },
  'dns-failed': { status: 502, retryable: true, title: '域名无法解析' },
  'connect-failed': { status: 502, retryable: true, title: '无法连接' },
  'tls-failed': { status: 502, retryable: true, title: '证书或加密连接有问题' },
  'fetch-timeout': { status: 504, retryable: true, title: '响应超时' },
  'body-too-large': { status: 502, retryable: false, title: '内容超过大小上限' },
  'too-many-redirects': { status: 502, retryable: false, title: '跳转次数过多' },
  'http-status': { status: 502, retryable: true, title: '网站返回错误状态' },
  'http-gone': { status: 502, retryable: false, title: '网站称该地址已永久停用' },
  // parsing
  'not-a-feed': { status: 422, retryable: false, title: '内容不是可识别的订阅源' },
  'not-a-list': { status: 422, retryable: false, title: '页面中找不到文章列表' },
  'parse-limit': { status: 422, retryable: false, title: '内容结构超过解析上限' },
  'charset-unknown': { status: 422, retryable: false, title: '无法识别文字编码' },
  // judging
  'lexicon-invalid': { status: 422, retryable: false, title: '词库有误' },
  'volume-unaccepted': { status: 409, retryable: false, title: '改动会多出很多预警提示，须先确认' },
  // notifying
  'channel-rejected': { status: 502, retryable: false, title: '接收方拒绝' },
  'channel-unavailable': { status: 502, retryable: true, title: '接收方暂不可用' },
  // the installation
  'config-invalid': { status: 500, retryable: false, title: '配置有误' },
  'database-unavailable': { status: 503, retryable: true, title: '数据库暂不可用' },
  'queue-unavailable': { status: 503, retryable: true, title: '队列暂不可用' },
  internal: { status: 500, retryable: true, title: '内部错误' },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>;

export type ErrorCode = keyof typeof errorTable;

/** An error with a code from {@link errorTable}. `message` says what, where and how to mend it. */
export class GuanlanError extends Error {
  readonly code: ErrorCode;
  /** Facts for the record (never secrets, never a person's data). */
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GuanlanError';
    this.code = code;
    this.details = options.details ?? {};
  }

  get retryable(): boolean {
    return errorTable[this.code].retryable;
  }

  get status(): number {
    return errorTable[this.code].status;
  }
}

/** The error itself when it is ours, else an `internal` one that keeps it as its cause. */
export function toGuanlanError(error: unknown): GuanlanError {
  if (error instanceof GuanlanError) return error;
  return new GuanlanError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}
