/** One entry of a feed, as plain text. */
export interface FeedEntry {
  /** What the feed itself calls the entry (guid, atom:id, rdf:about), else its address; null when it has neither. */
  id: string | null;
  /** Absolute where the feed or its base makes it so; http and https only. */
  url: string | null;
  title: string;
  text: string;
  /** When it was published; where the entry only says when it was updated, that. Null when it says nothing readable. */
  publishedAt: Date | null;
  updatedAt: Date | null;
}

/** A feed of any format. `JSON.stringify` of it is what the command `feed` prints. */
export interface Feed {
  /** `rss0.91`, `rss0.92`, `rss1.0`, `rss2.0`, `atom0.3`, `atom1.0`, `json1.1`, …; `rss` where it names no version. */
  format: string;
  charset: string;
  title: string;
  entries: FeedEntry[];
}

/** Bounds on what one document may give. Further entries are left out: feeds list the newest first. */
export const feedLimits = { entries: 10_000, title: 2_000, text: 200_000, url: 4_000, id: 1_000 };
