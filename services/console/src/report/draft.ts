/** A report that is being written, or waits for a connection. Kept on the telephone until it has a receipt. */
export interface Draft {
  /** The idempotency key: one report keeps it however often it is sent. */
  key: string;
  what: string;
  place: string;
  detail: string;
  /** As the field has it, Shanghai's time: `2026-11-23T18:30`. */
  happened: string;
  people: string;
  done: string;
  corrects: string | null;
  files: DraftFile[];
  /** The reporter has pressed 提交. */
  queued: boolean;
  /** It has been sent at least once, with an answer or without. */
  tried: boolean;
  /** It was changed after it had been sent. */
  changed: boolean;
}

export interface DraftFile {
  name: string;
  blob: Blob;
  /** What the server knows it by, once it has arrived. */
  sha256: string | null;
}

export function emptyDraft(corrects: string | null = null): Draft {
  const fields = { what: '', place: '', detail: '', happened: '', people: '', done: '' };
  return { key: crypto.randomUUID?.() ?? uuid(), ...fields, corrects, files: [], queued: false, tried: false, changed: false };
}

/** IndexedDB, because localStorage holds neither files nor much. Where a browser has none, the draft lives as long as the page. */
export async function openDrafts(
  unit: string,
): Promise<{ load(): Promise<Draft | null>; save(draft: Draft): Promise<boolean>; clear(): Promise<void> }> {
  const db = await open().catch(() => null);
  const run = async <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> => {
    if (db === null) return null;
    return settled(work(db.transaction(storeName, mode).objectStore(storeName))).catch(() => null);
  };
  return {
    load: async () => ((await run('readonly', (store) => store.get(unit))) as Draft | undefined) ?? null,
    save: async (draft) => (await run('readwrite', (store) => store.put(draft, unit))) !== null,
    clear: async () => void (await run('readwrite', (store) => store.delete(unit))),
  };
}

const storeName = 'draft';

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('guanlan-report', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(storeName);
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Over plain HTTP browsers withhold `randomUUID`. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
