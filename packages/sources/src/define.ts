import { GuanlanError, type RawItem } from '@guanlan/domain';
import type { z } from 'zod';

/** One answer of the guarded client. Read the body once, or cancel. */
export interface Fetched {
  status: number;
  /** Where the answer came from, after redirects. */
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  etag: string | null;
  lastModified: string | null;
  /** The server said that nothing changed since the given validators. */
  notModified: boolean;
  /** Where the address has moved for good, when the server said so. */
  permanentRedirectTo: string | null;
  bytes(): Promise<Uint8Array>;
  /** Not interested in the body after all: frees the connection. */
  cancel(): void;
}

export interface FetchOptions {
  /** Bound on the decompressed body. */
  maxBytes?: number;
  timeoutMs?: number;
  etag?: string | null;
  lastModified?: string | null;
  signal?: AbortSignal;
}

/**
 * The only way an adapter reaches the network. Whoever calls the adapter gives it: guarded against private addresses, polite per
 * host, bounded. Throws GuanlanError for everything but 2xx and 304.
 */
export type Fetch = (url: string, options?: FetchOptions) => Promise<Fetched>;

/** What a source remembers between two checks. Plain JSON: it is stored with the source. */
export interface SourceState {
  etag?: string | null;
  lastModified?: string | null;
  /** What the source calls itself. */
  title?: string;
  /** The address it has moved to for good. */
  movedTo?: string;
  /** What a kind remembers for itself. */
  [key: string]: unknown;
}

export interface CollectContext {
  fetch: Fetch;
  signal: AbortSignal;
  now: Date;
  state: Readonly<SourceState>;
  /** Merges into the state that is stored when collecting has ended well. */
  report(change: SourceState): void;
  /** Which of these addresses are stored already (compared as canonical addresses), so that their pages are not fetched again. */
  known(urls: readonly string[]): Promise<ReadonlySet<string>>;
  /** Hears what was seen and is not brought, and why: for the person who tries a source. */
  skipped?: (what: string, why: string) => void;
}

/** A kind of source as everybody but its own file sees it. */
export interface SourceKind {
  kind: string;
  /** What the console calls it. */
  title: string;
  /** Validates the row's options (`url` among them) and draws the form: `meta({ title, secret })` of each property. */
  options: z.ZodObject;
  /**
   * Checks the source once. Options are validated first.
   *
   * @throws GuanlanError; `bad-input` for options that do not fit
   */
  collect(options: unknown, context: CollectContext): AsyncGenerator<RawItem, void, undefined>;
}

export interface SourceDefinition<Options extends z.ZodObject> {
  kind: string;
  title: string;
  options: Options;
  collect(options: z.output<Options>, context: CollectContext): AsyncGenerator<RawItem, void, undefined>;
}

/** Defines a kind of source: the default export of `adapters/<kind>.ts`. */
export function defineSource<Options extends z.ZodObject>(definition: SourceDefinition<Options>): SourceKind {
  return {
    kind: definition.kind,
    title: definition.title,
    options: definition.options,
    async *collect(options, context) {
      const parsed = definition.options.safeParse(options);
      if (!parsed.success) throw new GuanlanError('bad-input', `信息源（${definition.title}）的设置有误：${faults(parsed.error)}。`);
      yield* definition.collect(parsed.data, context);
    },
  };
}

function faults(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || '设置'}：${issue.message}`).join('；');
}
