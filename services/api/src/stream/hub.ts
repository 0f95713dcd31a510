import type { AlertView, ProgressView } from '@guanlan/contracts';
import { type Logger, repeat } from '@guanlan/runtime';
import type { Connection } from './connection.ts';

export interface HubOptions {
  logger: Logger;
  now: () => Date;
  /** Alerts changed after `(updatedAt, id)`, in that order. */
  changedAlerts: (after: { updatedAt: Date; id: number; limit: number }) => Promise<AlertView[]>;
  readProgress: () => Promise<ProgressView>;
  /** Another answer means that the progress may have changed. */
  readPulse: () => Promise<string>;
}

export interface Hub {
  /** `since`: what a reconnecting page saw last. `stillAllowed` is asked with every heartbeat. */
  join(connection: Connection, options: { since: Date | null; stillAllowed: () => Promise<boolean> }): Promise<void>;
  leave(connection: Connection): void;
  /** Says good-bye to everybody. */
  stop(): Promise<void>;
}

const pollMs = 1_000;
const heartbeatMs = 15_000;
/** A change may be committed a little after the moment it carries: look back this far, and leave out what was told already. */
const overlapMs = 10_000;
const batch = 500;
/** A page that was away for long is told this many changes; it reads the list again anyway. */
const resumeLimit = 2_000;
/** Counting takes longer the more there is to count: it may use a tenth of the time, no more. */
const progressShare = 10;

/** Tells all listening pages the same, from one look at the database a second; with nobody listening it does not look at all. */
export function createHub(options: HubOptions): Hub {
  const clients = new Map<Connection, () => Promise<boolean>>();
  let loops: { stop(): Promise<void> }[] = [];
  let since = new Date(0);
  const told = new Map<number, string>();
  let progress: { data: string; pulse: string } | undefined;
  let progressDue = 0;

  async function* changedSince(moment: Date): AsyncGenerator<AlertView> {
    let after = { updatedAt: moment, id: 0, limit: batch };
    for (;;) {
      const page = await options.changedAlerts(after);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < batch) return;
      after = { updatedAt: new Date(last.updatedAt), id: last.id, limit: batch };
    }
  }

  const broadcast = (event: Parameters<Connection['send']>[0]) => {
    for (const connection of clients.keys()) connection.send(event);
  };

  const tellAlerts = async () => {
    for await (const alert of changedSince(since)) {
      if (told.get(alert.id) === alert.updatedAt) continue;
      told.set(alert.id, alert.updatedAt);
      broadcast(alertEvent(alert));
      const horizon = Date.parse(alert.updatedAt) - overlapMs;
      if (horizon > since.getTime()) since = new Date(horizon);
    }
    for (const [id, at] of told) if (Date.parse(at) < since.getTime()) told.delete(id);
  };

  const tellProgress = async () => {
    const started = performance.now();
    if (started < progressDue) return;
    const pulse = await options.readPulse();
    if (pulse === progress?.pulse) return;
    const data = JSON.stringify(await options.readProgress());
    progressDue = performance.now() + progressShare * (performance.now() - started);
    if (data !== progress?.data) broadcast({ name: 'progress', data });
    progress = { data, pulse };
  };

  const beat = async () => {
    // A strike changes the count without changing the pulse: look again now and then.
    if (progress) progress = { ...progress, pulse: '' };
    for (const [connection, stillAllowed] of clients) {
      // While the database is away nobody can be asked, and nobody is told anything new either.
      if (await stillAllowed().catch(() => true)) connection.beat();
      else connection.close();
    }
  };

  const begin = () => {
    since = new Date(options.now().getTime() - overlapMs);
    told.clear();
    progress = undefined;
    progressDue = 0;
    loops = [
      repeat('alert stream', pollMs, options.logger, tellAlerts),
      repeat('progress stream', pollMs, options.logger, tellProgress),
      repeat('stream heartbeat', heartbeatMs, options.logger, beat),
    ];
  };

  const halt = async () => {
    const ending = loops;
    loops = [];
    await Promise.all(ending.map((loop) => loop.stop()));
  };

  return {
    join: async (connection, { since: seen, stillAllowed }) => {
      clients.set(connection, stillAllowed);
      if (loops.length === 0) begin();
      // A page that joins in the middle has not heard what the others were told.
      if (progress) connection.send({ name: 'progress', data: progress.data });
      if (seen === null) return;
      let left = resumeLimit;
      for await (const alert of changedSince(new Date(seen.getTime() - overlapMs))) {
        if (left-- === 0 || !connection.open) break;
        connection.send(alertEvent(alert));
      }
    },
    leave: (connection) => {
      clients.delete(connection);
      if (clients.size === 0) void halt();
    },
    stop: async () => {
      for (const connection of clients.keys()) connection.close();
      clients.clear();
      await halt();
    },
  };
}

function alertEvent(alert: AlertView) {
  return { name: 'alert', id: alert.updatedAt, data: JSON.stringify(alert) };
}
