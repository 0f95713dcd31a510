/** Numbers of PostgreSQL's advisory locks, each for one thing that is done by one at a time. Kept together, so that no two are the same. */
export const locks = {
  /** Counting: whether an item is the first of its text depends on what is counted already. */
  tally: 7_210_001,
  /** The audit chain: each entry holds the hash of the one before. */
  audit: 7_210_002,
  setupLink: 7_210_003,
  intakeReceipt: 7_210_004,
  directReport: 7_210_005,
  /** Grouping: what is one story depends on what was grouped before. */
  grouping: 7_210_006,
  lexiconRevision: 7_210_007,
  /** Letting messages through: budgets depend on what went before. */
  admission: 7_210_008,
} as const;
