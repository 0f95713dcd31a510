import { z } from 'zod';
import { defineChannel } from '../define.ts';

/** One line in the program's own log: ids and the level, never a title or a text. */
export default defineChannel({
  kind: 'log',
  title: '运行日志',
  guide: '不需要密钥；只在程序日志中写一行编号和等级，用于试运行',
  options: z.strictObject({}),

  render: ({ alertId, eventId, level, test }) => ({ alertId, eventId, level, ...(test === true ? { test } : {}) }),

  async send(_options, line, { logger, idempotencyKey }) {
    logger.info({ ...line, idempotencyKey }, 'alert');
    return { ok: true, response: '', retryable: false };
  },
});
