import { type Db, lastMemberSeq, loadMembersAfter, loadTexts } from '@guanlan/database';
import { type Candidate, createWindow, decodeSignature, type Gist, gistLength, gistOf, type Window } from '@guanlan/events';

/** What this process remembers of the events there are: the window's members, and the gists of those compared lately. */
export interface KnownEvents {
  readonly window: Window;
  /** Reads on from the rows, those of other processes and of people included. Under the grouping's lock, so that nothing is missed. */
  catchUp(tx: Db): Promise<void>;
  /** Gists of these candidates and of what their events began with. */
  gistsOf(tx: Db, candidates: readonly Candidate[]): Promise<(id: number) => Gist | undefined>;
}

/** Members read in one query. */
const page = 10_000;
/** Gists kept from one round to the next; each takes up to some 30 KB. */
const keptGists = 500;

/**
 * Filled from rows only, what this process itself stored included: so a rollback and a restart need no code of their own.
 *
 * @param capacity members remembered, the newest; 1,000,000 take about 290 MB, fewer accordingly.
 */
export function createKnownEvents({ capacity }: { capacity: number }): KnownEvents {
  const window = createWindow({ capacity });
  const gists = new Map<number, Gist>();
  let last: number | undefined;

  return {
    window,

    async catchUp(tx) {
      last ??= Math.max(0, (await lastMemberSeq(tx)) - capacity);
      for (;;) {
        const members = await loadMembersAfter(tx, last, page);
        for (const { itemId, eventId, seedId, at, signature } of members) {
          const decoded = signature && decodeSignature(signature);
          if (window.move(itemId, { event: eventId, seed: seedId }) || !decoded) continue;
          window.put(decoded, { id: itemId, event: eventId, seed: seedId, at: at.getTime() });
        }
        last = members.at(-1)?.seq ?? last;
        if (members.length < page) return;
      }
    },

    async gistsOf(tx, candidates) {
      const wanted = new Set(candidates.flatMap(({ id, seed }) => [id, seed]));
      const now = new Map<number, Gist>();
      for (const id of wanted) {
        const gist = gists.get(id);
        if (gist !== undefined) now.set(id, gist);
      }
      const missing = [...wanted].filter((id) => !now.has(id));
      for (const { id, at, ...words } of await loadTexts(tx, missing, gistLength)) now.set(id, gistOf({ ...words, at: at.getTime() }));
      for (const [id, gist] of now) {
        // Put last, as the one used last.
        gists.delete(id);
        gists.set(id, gist);
      }
      for (const id of gists.keys()) {
        if (gists.size <= keptGists) break;
        gists.delete(id);
      }
      return (id) => now.get(id);
    },
  };
}
