import type { Transform } from 'node:stream';
import { Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { GuanlanError } from '@guanlan/domain';
import { place, tooLargeFault, transportFault } from './fault.ts';

/** What we say we read. */
export const acceptEncoding = 'gzip, deflate, br';

/** Null when the body travels as it is. Throws `http-status` on a coding we did not ask for, or several on top of each other. */
export function contentCoding(value: string | undefined, url: URL): 'gzip' | 'deflate' | 'br' | null {
  const coding = value?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return null;
  if (coding === 'gzip' || coding === 'x-gzip') return 'gzip';
  if (coding === 'deflate' || coding === 'br') return coding;
  throw new GuanlanError('http-status', `${place(url)} 使用了无法识别的压缩方式“${coding.slice(0, 40)}”。请联系网站或停用此信息源。`, {
    details: { url: place(url), coding: coding.slice(0, 40) },
  });
}

/**
 * Decompresses as it streams, and stops at `maxBytes` of output: a bomb costs no more than the bound and one chunk.
 * Throws `body-too-large`, or `connect-failed` when the data is broken or cut off.
 */
export async function* decoded(
  chunks: AsyncIterable<Buffer>,
  coding: 'gzip' | 'deflate' | 'br',
  url: URL,
  maxBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  const source = chunks[Symbol.asyncIterator]();
  try {
    const first = await source.next();
    if (first.done) return;
    const plain = decompressor(coding, first.value);
    const input = Readable.from(rejoin(first.value, source), { objectMode: false });
    input.on('error', (error) => plain.destroy(error));
    input.pipe(plain);
    let total = 0;
    try {
      for await (const chunk of plain as AsyncIterable<Buffer>) {
        total += chunk.length;
        if (total > maxBytes) throw tooLargeFault(url, maxBytes);
        yield chunk;
      }
    } catch (error) {
      throw isZlib(error) ? transportFault(error, url) : error;
    } finally {
      input.destroy();
      plain.destroy();
    }
  } finally {
    await source.return?.();
  }
}

function isZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(?:Z_|ERR_)/u.test(error.code);
}

function decompressor(coding: 'gzip' | 'deflate' | 'br', first: Buffer): Transform {
  if (coding === 'gzip') return createGunzip();
  if (coding === 'br') return createBrotliDecompress({ params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 0 } });
  // "deflate" means zlib (RFC 9110 §8.4.1.2), but many servers send the bare stream; the first byte tells.
  return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
}

async function* rejoin(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  yield first;
  for (;;) {
    const next = await rest.next();
    if (next.done) return;
    yield next.value;
  }
}
