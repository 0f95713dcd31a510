/** What the clusterer sees of an item. */
export interface ClusterInput {
  fingerprint: string;
  title: string;
  text: string;
}

/** Says which items tell one story: items with the same signature (32 hex digits) become one event. */
export interface Clusterer {
  signatures(items: readonly ClusterInput[]): string[];
}

/** Exact copies only: the same text, whatever its address, is the same story. */
export const exactClusterer: Clusterer = {
  signatures: (items) => items.map((i) => i.fingerprint),
};
