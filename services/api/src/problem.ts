import type { Problem } from '@guanlan/contracts';
import { problem } from '@guanlan/contracts';
import { databaseFault } from '@guanlan/database';
import { type ErrorCode, errorTable, GuanlanError, toGuanlanError } from '@guanlan/domain';
import type { Logger } from '@guanlan/runtime';
import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';

/** The `response` entry of every route's schema for what does not work. */
export const problemResponse = {
  description: '没有办成：application/problem+json（RFC 9457）',
  content: { 'application/problem+json': { schema: problem } },
} as const;

/** Fields of a request that do not fit their schema. */
class FieldFault extends GuanlanError {
  readonly fields: { field: string; message: string }[];

  constructor(fields: { field: string; message: string }[]) {
    super('bad-input', `${fields.map((f) => `${f.field}：${f.message}`).join('；')}。`);
    this.name = 'FieldFault';
    this.fields = fields;
  }
}

const chinese = z.locales.zhCN().localeError;
const shownFields = 10;

/** Checks requests with zod; what is wrong is said in Chinese, field by field. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data: unknown) => {
    try {
      return { value: checked(schema, data, httpPart === 'body' ? '请求内容' : '参数') };
    } catch (error) {
      return { error: error as Error };
    }
  };

/** What `schema` makes of `data`. Throws a {@link FieldFault}; `whole` names the data where no field of it is to blame. */
export function checked<Schema extends z.ZodType>(schema: Schema, data: unknown, whole: string): z.output<Schema> {
  const parsed = schema.safeParse(data, { error: chinese });
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || whole, message }));
  throw new FieldFault(fields.slice(0, shownFields));
}

/** Faults as `application/problem+json`. What we did not foresee is logged and told as `internal`, without its words. */
export function sendProblem(logger: Logger, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const fault = known(error);
  if (fault.status >= 500) logger.error({ err: error, method: request.method, route: request.routeOptions.url }, 'request failed');
  const fields = fault instanceof FieldFault ? { fields: fault.fields } : {};
  const { retryAfterSeconds: retryAfter } = fault.details;
  if (typeof retryAfter === 'number') reply.header('retry-after', String(retryAfter));
  reply
    .code(fault.status)
    .type('application/problem+json')
    .header('cache-control', 'no-store')
    .serializer(JSON.stringify)
    .send({ ...problemOf(fault.code, fault.code === 'internal' ? unforeseen : fault.message), ...fields });
}

function problemOf(code: ErrorCode, detail: string): Problem {
  const { status, title } = errorTable[code];
  return { type: `urn:guanlan:problem:${code}`, title, status, detail, code };
}

const unforeseen = '服务器内部出错，已记入日志；请稍后再试，仍不行请联系管理员。';

/** Fastify's own refusals (malformed JSON, too large, wrong media type) as ours. */
function known(error: unknown): GuanlanError {
  if (error instanceof GuanlanError) return error;
  const { code, statusCode } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new GuanlanError('bad-input', '请求内容超过大小上限，请分批发送。', { cause: error });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new GuanlanError('bad-input', '请求内容应为 application/json。', { cause: error });
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new GuanlanError('bad-input', '请求格式有误：内容应为合法的 JSON。', { cause: error });
  }
  return toGuanlanError(databaseFault(error));
}
