import type { ChannelAnswer } from './define.ts';
import type { Judge } from './http-result.ts';

/** What one code of a receiver means. */
export interface CodeMeaning {
  /** For a person: what happened, and how to mend it. */
  words: string;
  /** Seconds after which the same message may succeed; absent: no retry mends it. */
  retryAfter?: number;
}

export interface CodedReceiver {
  /** Its name, for what cannot be read at all. */
  name: string;
  /** Code and message of an answer that is a JSON object; null when it carries no code. 0 is success. */
  codeOf(answer: Record<string, unknown>): { code: number; message: string } | null;
  /** Null for a code that the receiver does not document. */
  meaningOf(code: number, message: string): CodeMeaning | null;
}

/**
 * Reads receivers that answer 200 and put what went wrong into the body. A 2xx without their code did not come from them (a
 * portal or a proxy that answers for everybody): not delivered, and tried again. An undocumented code is not tried again: the
 * receiver has read the message and refused it.
 */
export function codedAnswers(receiver: CodedReceiver): Judge {
  return (answer) => {
    const accepted = answer.status >= 200 && answer.status < 300;
    const found = coded(receiver, answer);
    if (found === null || (found.code === 0 && !accepted)) {
      if (!accepted) return null;
      return { ok: false, response: `回答不是${receiver.name}的格式，消息可能没有送到：${answer.body}`, retryable: true };
    }
    const { code, message } = found;
    if (code === 0) return { ok: true, response: answer.body, retryable: false };
    const meaning = receiver.meaningOf(code, message);
    const said = `（${code}${message === '' ? '' : `：${message}`}）`;
    if (meaning === null) return { ok: false, response: `${receiver.name}拒绝了这条消息${said}`, retryable: answer.status >= 500 };
    const { words, retryAfter } = meaning;
    if (retryAfter === undefined) return { ok: false, response: `${words}${said}`, retryable: false };
    return {
      ok: false,
      response: `${words}${said}`,
      retryable: true,
      retryAfterSeconds: Math.max(retryAfter, answer.retryAfterSeconds ?? 0),
    };
  };
}

function coded(receiver: CodedReceiver, { body }: ChannelAnswer): { code: number; message: string } | null {
  try {
    const read: unknown = JSON.parse(body);
    return typeof read === 'object' && read !== null ? receiver.codeOf(read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
