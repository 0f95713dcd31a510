import { useSyncExternalStore } from 'react';

/** The time, for words such as `5 分钟前`; the page is drawn anew every half minute, all of it at the same moment. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now);
}

let now = new Date();
let timer: ReturnType<typeof setInterval> | null = null;
const listeners = new Set<() => void>();

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  if (timer === null) {
    now = new Date();
    timer = setInterval(() => {
      now = new Date();
      for (const each of listeners) each();
    }, 30_000);
  }
  return () => {
    listeners.delete(tell);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };
}
