/** Where items come from. The kinds themselves are files in `packages/sources/src/adapters`. */
export interface Source {
  id: number;
  kind: string;
  name: string;
  url: string;
  /** Options of the kind, as its schema parsed them. */
  options: Record<string, unknown>;
  /** What it brings counts as about this county. */
  local: boolean;
  /** May be fetched from a private or loopback address. */
  allowPrivate: boolean;
  authorKind: AuthorKind;
  everySeconds: number;
}

/** Kinds that nobody fetches: other systems, files and people bring their items. Their rows are paused from the start. */
export const broughtKinds = ['intake', 'import', 'report', 'drill'] as const;
export type BroughtKind = (typeof broughtKinds)[number];

export function isBrought(kind: string): boolean {
  return broughtKinds.some((brought) => brought === kind);
}

/** The most that is ever kept about who wrote something. */
export const authorKinds = ['media', 'agency', 'organisation', 'individual', 'unknown'] as const;
export type AuthorKind = (typeof authorKinds)[number];

/** `healthy` it answers; `failing` the last checks failed; `paused` by a person; `new` not yet checked. */
export type SourceState = 'new' | 'healthy' | 'failing' | 'paused';

/** Kinds of source as routing and suppression see them: who speaks, as far as that is known, else the door it came through. */
export const sourceGroupTitles = {
  report: '直报',
  agency: '政务机构',
  media: '媒体',
  organisation: '其他机构',
  individual: '个人',
  web: '网络',
} as const;
export type SourceGroup = keyof typeof sourceGroupTitles;

export function sourceGroupOf({ kind, authorKind }: { kind: string; authorKind: AuthorKind }): SourceGroup {
  if (kind === 'report') return 'report';
  return authorKind === 'unknown' ? 'web' : authorKind;
}
