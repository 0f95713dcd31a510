import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useReducer } from 'react';
import { patchAlert } from './queries.ts';
import { initialStream, listen, reduceStream, type StreamState } from './stream.ts';

interface Live extends StreamState {
  /** The desk has read its list: what comes after is new. */
  listed: (ids: readonly number[]) => void;
  /** Somebody opened an alert: no marker any more. */
  lookedAt: (id: number) => void;
}

const LiveContext = createContext<Live>({ ...initialStream, listed: () => {}, lookedAt: () => {} });

export function useLive(): Live {
  return useContext(LiveContext);
}

/** Keeps one stream open while somebody is signed in and writes what it says into the data the pages hold. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, dispatch] = useReducer(reduceStream, initialStream);

  useEffect(() => {
    let interrupted = false;
    return listen({
      onOpen: () => {
        dispatch({ type: 'opened' });
        // What happened while nobody listened is in the lists.
        if (interrupted) void client.invalidateQueries();
        interrupted = false;
      },
      onLost: () => {
        if (!interrupted) void client.invalidateQueries({ queryKey: ['session'] });
        interrupted = true;
        dispatch({ type: 'lost', at: Date.now() });
      },
      onAlert: (alert) => {
        dispatch({ type: 'alert', alert });
        patchAlert(client, alert);
        void client.invalidateQueries({ queryKey: ['alert', alert.id] });
      },
      onProgress: (progress) => client.setQueryData(['progress', progress.year], progress),
    });
  }, [client]);

  const live = useMemo<Live>(
    () => ({
      ...state,
      listed: (ids) => dispatch({ type: 'listed', ids }),
      lookedAt: (id) => dispatch({ type: 'looked-at', id }),
    }),
    [state],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}
