/** What a document is made of, before any format. */
export type Block =
  | { kind: 'title'; text: string }
  | { kind: 'subtitle'; text: string }
  | { kind: 'heading'; level: 1 | 2 | 3; text: string }
  | { kind: 'paragraph'; text: string }
  /** The rows that the lines above rest on. */
  | { kind: 'cite'; text: string };
