import { GuanlanError } from '@guanlan/domain';

export interface JsonLine {
  /** Counted from 1, empty lines included. */
  number: number;
  value: Record<string, unknown>;
}

/** Longest line, in UTF-16 units, unless told otherwise. */
const longestLine = 32 * 1024 * 1024;

/**
 * The objects of JSON lines in UTF-8, one by one; empty lines are passed over, and no more than one line and one chunk are held.
 *
 * @throws GuanlanError `bad-input`, naming the line, for one that is not a JSON object or is longer than `longest`.
 */
export async function* jsonLines(input: AsyncIterable<Uint8Array | string>, options: { longest?: number } = {}): AsyncGenerator<JsonLine> {
  let number = 0;
  for await (const line of lines(input, options.longest ?? longestLine)) {
    number += 1;
    if (line.trim() !== '') yield { number, value: parse(line, number) };
  }
}

function parse(line: string, number: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new GuanlanError('bad-input', `第 ${number} 行不是 JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GuanlanError('bad-input', `第 ${number} 行不是 JSON 对象`);
  return value as Record<string, unknown>;
}

async function* lines(input: AsyncIterable<Uint8Array | string>, longest: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let held = 0;
  let number = 1;
  const hold = (part: string) => {
    held += part.length;
    if (held > longest) throw new GuanlanError('bad-input', `第 ${number} 行超过 ${Math.round(longest / 1_048_576)} MB，太长`);
    parts.push(part);
  };
  for await (const bytes of input) {
    const chunk = typeof bytes === 'string' ? bytes : decoder.decode(bytes, { stream: true });
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      hold(chunk.slice(from, end));
      yield parts.join('');
      parts = [];
      held = 0;
      number += 1;
      from = end + 1;
    }
    if (from < chunk.length) hold(chunk.slice(from));
  }
  hold(decoder.decode());
  if (held > 0) yield parts.join('');
}
