import type { AlertView, ProgressView, StreamEvents } from '@guanlan/contracts';

/** `connecting` the first time, `live` events arrive, `lost` a new attempt is waiting or under way. */
export interface StreamState {
  connection: 'connecting' | 'live' | 'lost';
  /** When the connection was lost, in ms; null while it is not. */
  lostAt: number | null;
  /** The highest alert id known; null until the list has been read. What comes above it is new. */
  highest: number | null;
  /** Alerts that arrived while the desk was open and were not opened yet. */
  fresh: ReadonlySet<number>;
}

export type StreamAction =
  | { type: 'opened' }
  | { type: 'lost'; at: number }
  | { type: 'listed'; ids: readonly number[] }
  | { type: 'alert'; alert: AlertView }
  | { type: 'looked-at'; id: number };

export const initialStream: StreamState = { connection: 'connecting', lostAt: null, highest: null, fresh: new Set() };

export function reduceStream(state: StreamState, action: StreamAction): StreamState {
  switch (action.type) {
    case 'opened':
      return { ...state, connection: 'live', lostAt: null };
    case 'lost':
      // The moment of the first failure stays: it says since when the desk may be out of date.
      return { ...state, connection: 'lost', lostAt: state.lostAt ?? action.at };
    case 'listed':
      return listed(state, action.ids);
    case 'alert':
      return arrived(state, action.alert);
    case 'looked-at':
      return state.fresh.has(action.id) ? { ...state, fresh: without(state.fresh, action.id) } : state;
  }
}

/** The first reading is what was there; later ones (after a lost connection) may bring alerts nobody has seen. */
function listed(state: StreamState, ids: readonly number[]): StreamState {
  const top = Math.max(state.highest ?? 0, ...ids);
  if (top === state.highest) return state;
  if (state.highest === null) return { ...state, highest: top };
  const known = state.highest;
  return { ...state, highest: top, fresh: new Set([...state.fresh, ...ids.filter((id) => id > known)]) };
}

function arrived(state: StreamState, alert: AlertView): StreamState {
  const isNew = state.highest !== null && alert.id > state.highest;
  if (isNew && alert.state === 'firing') return { ...state, highest: alert.id, fresh: new Set([...state.fresh, alert.id]) };
  if (isNew) return { ...state, highest: alert.id };
  // Somebody has taken it on: it needs no marker any more.
  if (alert.state !== 'firing' && state.fresh.has(alert.id)) return { ...state, fresh: without(state.fresh, alert.id) };
  return state;
}

/**
 * A list, newest first, with one alert brought up to date. The stream may say the same twice and out of order: the later
 * `updatedAt` wins. One that is not in the list yet is put where its id belongs, when `belongs` says so.
 */
export function applyAlert(rows: readonly AlertView[], alert: AlertView, belongs: boolean): readonly AlertView[] {
  const index = rows.findIndex((row) => row.id === alert.id);
  const present = rows[index];
  if (present) return present.updatedAt > alert.updatedAt ? rows : rows.with(index, alert);
  if (!belongs) return rows;
  const place = rows.findIndex((row) => row.id < alert.id);
  return place === -1 ? [...rows, alert] : rows.toSpliced(place, 0, alert);
}

/** What {@link listen} needs of a browser, so that it can be driven by a test. */
export interface StreamPorts {
  open: (url: string) => EventTarget & Pick<EventSource, 'close' | 'readyState'>;
  later: (run: () => void, ms: number) => () => void;
}

export interface StreamListener {
  onOpen: () => void;
  onLost: () => void;
  onAlert: (alert: AlertView) => void;
  onProgress: (progress: ProgressView) => void;
}

const closed = 2;

/**
 * Listens to the API's server-sent events until the returned function is called. The browser reconnects by itself after a
 * cut; when it gives up (the server answered with an error), a new stream is opened after 1, 2, 4 … at most 30 s.
 */
export function listen(listener: StreamListener, ports: StreamPorts = browserPorts): () => void {
  let failures = 0;
  let stop = (): void => {};
  const connect = (): void => {
    const source = ports.open('/api/v1/stream');
    const on = <Name extends keyof StreamEvents>(name: Name, handle: (data: StreamEvents[Name]) => void): void =>
      source.addEventListener(name, (event) => {
        const data = parse<StreamEvents[Name]>(event);
        if (data !== null) handle(data);
      });
    source.addEventListener('open', () => {
      failures = 0;
      listener.onOpen();
    });
    source.addEventListener('error', () => {
      listener.onLost();
      if (source.readyState !== closed) return;
      source.close();
      stop = ports.later(connect, Math.min(30_000, 1_000 * 2 ** failures));
      failures += 1;
    });
    on('alert', listener.onAlert);
    on('progress', listener.onProgress);
    stop = () => source.close();
  };
  connect();
  return () => stop();
}

const browserPorts: StreamPorts = {
  open: (url) => new EventSource(url),
  later: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

function parse<Data>(event: Event): Data | null {
  if (!(event instanceof MessageEvent) || typeof event.data !== 'string') return null;
  try {
    return JSON.parse(event.data) as Data;
  } catch {
    return null;
  }
}

function without(ids: ReadonlySet<number>, id: number): ReadonlySet<number> {
  return new Set([...ids].filter((other) => other !== id));
}
