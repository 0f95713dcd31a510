import { read } from 'node:fs';
import { promisify } from 'node:util';

const readInto = promisify(read);
const roomBytes = 1024 * 1024;

/**
 * Standard input in large pieces, each good only until the next is asked for: they share one buffer, because a gigabyte of short-lived ones
 * keeps the collector busy, on the core that a worker could have.
 */
export async function* standardInput(): AsyncGenerator<Uint8Array> {
  const room = Buffer.allocUnsafeSlow(roomBytes);
  for (;;) {
    let length: number;
    try {
      ({ bytesRead: length } = await readInto(0, room, 0, room.length, null));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A pipe whose other end was closed, as Windows says it.
      if (code === 'EOF') return;
      if (code !== 'EAGAIN') throw error;
      // Whoever opened it did so without waiting: what is left comes as a stream.
      yield* process.stdin;
      return;
    }
    if (length === 0) return;
    yield room.subarray(0, length);
  }
}
