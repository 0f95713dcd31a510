import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

export interface TextSource {
  file: string;
  charset: string;
  /** Told the number of bytes that were read. */
  onRead(bytes: number): void;
}

/** Characters beyond ASCII that are enough to tell encodings apart. */
const enough = 4_000;

/**
 * Encoding of a text file by its bytes: a byte order mark, UTF-16 by its zero bytes, UTF-8 by its form (one bad byte in a
 * hundred characters allowed), else GB18030, which is what Excel and WPS write here.
 */
export async function detectCharset(file: string): Promise<string> {
  const handle = await open(file);
  const head = Buffer.alloc(4_096);
  const { bytesRead } = await handle.read(head, 0, head.length, 0).finally(() => handle.close());
  const start = head.subarray(0, bytesRead);
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (let i = 0; i < start.length; i += 1) if (start[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  if ((zeros[1] ?? 0) > start.length / 10) return 'utf-16le';
  if ((zeros[0] ?? 0) > start.length / 10) return 'utf-16be';

  const decoder = new TextDecoder('utf-8');
  let beyond = 0;
  let bad = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    for (const char of decoder.decode(chunk, { stream: true })) {
      if (char < '\u0080') continue;
      beyond += 1;
      if (char === '\ufffd') bad += 1;
    }
    if (beyond >= enough) break;
  }
  return bad <= beyond / 100 ? 'utf-8' : 'gb18030';
}

/** The file's text, piece by piece, without its byte order mark. */
export async function* textOf({ file, charset, onRead }: TextSource): AsyncGenerator<string> {
  const decoder = new TextDecoder(charset);
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    onRead(chunk.length);
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}
