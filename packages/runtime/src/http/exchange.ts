import type { Dispatcher } from 'undici';
import { timeoutFault, tooLargeFault, transportFault } from './fault.ts';

export interface Head {
  status: number;
  /** Names in lower case; repeated headers joined with `, `. */
  headers: Record<string, string>;
}

export interface ExchangeLimits {
  url: URL;
  /** Bound on what travels, before decompression. */
  maxBytes: number;
  /** From now to the last byte of the body. */
  deadlineMs: number;
  /** What the deadline's message speaks of: the whole request may have spent part of it on earlier hops. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** Read ahead of a slow consumer before the socket is paused. */
const readAhead = 256 * 1_024;
/** An answer nobody wants is read to its end when it is this small, so that the connection can be used again. */
const discardable = 64 * 1_024;

/**
 * One request and its answer over an undici dispatcher, within a time and a size. It stands directly on `dispatch`, without
 * a Node stream in between: that is the cheapest undici has, and every bound sits in one place. When a bound is passed,
 * the connection is destroyed, so that nothing more arrives.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly head: Promise<Head>;
  readonly #limits: ExchangeLimits;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort: (() => void) | undefined;
  #resolveHead!: (head: Head) => void;
  #rejectHead!: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #chunks: Buffer[] = [];
  #queued = 0;
  #received = 0;
  #mode: 'ahead' | 'collect' | 'discard' = 'ahead';
  #ended = false;
  #failure: unknown;
  #wake: (() => void) | undefined;

  constructor(limits: ExchangeLimits) {
    this.#limits = limits;
    this.head = new Promise((resolve, reject) => {
      this.#resolveHead = resolve;
      this.#rejectHead = reject;
    });
    this.#timer = setTimeout(() => this.fail(timeoutFault(limits.url, limits.timeoutMs)), limits.deadlineMs);
    const { signal } = limits;
    if (signal) {
      this.#onAbort = () => this.fail(signal.reason);
      if (signal.aborted) this.fail(signal.reason);
      else signal.addEventListener('abort', this.#onAbort, { once: true });
    }
  }

  /** Ends the exchange and destroys its connection. The first reason stands; after the end it does nothing. */
  fail(reason: unknown): void {
    if (this.#ended) return;
    this.#failure = reason;
    this.#chunks = [];
    this.#rejectHead(reason);
    // Before the abort: it calls onResponseError at once, which must not replace the reason.
    this.#settle();
    this.#controller?.abort(reason instanceof Error ? reason : new Error(String(reason)));
  }

  /** The answer is of no interest. */
  discard(): void {
    this.#mode = 'discard';
    this.#chunks = [];
    if (this.#received > discardable) this.fail(tooLargeFault(this.#limits.url, discardable));
    else this.#controller?.resume();
  }

  /** Everything that travels, as one buffer. */
  async bytes(): Promise<Buffer> {
    this.#mode = 'collect';
    if (!this.#ended) this.#controller?.resume();
    while (!this.#ended) await this.#next();
    if (this.#failure !== undefined) throw this.#failure;
    const chunks = this.#chunks;
    this.#chunks = [];
    const [only] = chunks;
    return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, this.#received);
  }

  /** Everything that travels, as it comes; leaving the loop early destroys the connection. */
  async *stream(): AsyncGenerator<Buffer, void, undefined> {
    try {
      for (;;) {
        if (this.#failure !== undefined) throw this.#failure;
        const chunks = this.#chunks;
        if (chunks.length === 0) {
          if (this.#ended) return;
          await this.#next();
          continue;
        }
        this.#chunks = [];
        this.#queued = 0;
        if (!this.#ended) this.#controller?.resume();
        for (const chunk of chunks) {
          if (this.#failure !== undefined) throw this.#failure;
          yield chunk;
        }
      }
    } finally {
      this.fail(new Error('the reader left'));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure !== undefined) controller.abort(this.#failure instanceof Error ? this.#failure : new Error(String(this.#failure)));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#resolveHead({ status, headers: joined(headers) });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#ended) return;
    this.#received += chunk.length;
    if (this.#mode === 'discard') {
      if (this.#received > discardable) this.fail(tooLargeFault(this.#limits.url, discardable));
      return;
    }
    if (this.#received > this.#limits.maxBytes) {
      this.fail(tooLargeFault(this.#limits.url, this.#limits.maxBytes));
      return;
    }
    this.#chunks.push(chunk);
    if (this.#mode === 'collect') return;
    this.#queued += chunk.length;
    if (this.#queued > readAhead) controller.pause();
    this.#rouse();
  }

  onResponseEnd(): void {
    this.#settle();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#ended) return;
    this.#failure = transportFault(error, this.#limits.url);
    this.#rejectHead(this.#failure);
    this.#settle();
  }

  #settle(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    if (this.#onAbort) this.#limits.signal?.removeEventListener('abort', this.#onAbort);
    this.#rouse();
  }

  #rouse(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

function joined(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) out[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return out;
}
