import { gunzipSync } from 'node:zlib';
import { GuanlanError } from '@guanlan/domain';
import { decodeLimit } from './decode.ts';

/**
 * The document in a gzip file, which some servers send without saying so in HTTP, and sitemaps often are. Other bytes as they are.
 *
 * @param damaged makes the error for a file that cannot be unpacked
 * @throws GuanlanError `body-too-large`
 */
export function unzipped(bytes: Uint8Array, damaged: (cause: unknown) => GuanlanError): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: decodeLimit });
  } catch (error) {
    const large = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    if (large) throw new GuanlanError('body-too-large', `压缩的内容解开后超过 ${decodeLimit} 字节的上限。`, { cause: error });
    throw damaged(error);
  }
}
