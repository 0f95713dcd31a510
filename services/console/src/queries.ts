import type {
  AlertAssignRequest,
  AlertCloseRequest,
  AlertDetail,
  AlertLevelRequest,
  AlertNoteRequest,
  AlertPage,
  AlertView,
  ChannelChangeRequest,
  ChannelKindList,
  ChannelList,
  ChannelRequest,
  ChannelTestView,
  ChannelView,
  EventDetail,
  EventItemPage,
  EventMergeRequest,
  EventPage,
  EventQuery,
  EventSplitRequest,
  ExplanationView,
  ItemDetail,
  ItemPage,
  ItemQuery,
  KindredEvents,
  LoginRequest,
  ProgressView,
  PushKeyView,
  RankingView,
  ReportPage,
  ReportQuery,
  SessionView,
  SetupRequest,
  SourceChangeRequest,
  SourceDetail,
  SourceKindList,
  SourceList,
  SourceRequest,
  SourceTrial,
  SourceTrialChange,
  SourceTrialRequest,
  SourceView,
  TallyPage,
  TallyView,
  TrainingList,
  TrainingRequest,
  TrainingView,
} from '@guanlan/contracts';
import { type CategoryId, type Level, levelRank } from '@guanlan/domain';
import { type InfiniteData, infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { ApiError, get, patch, post, remove } from './client.ts';
import { applyAlert } from './stream.ts';

/** What the desk shows: open cases or closed ones, from a least level on, of one category. */
export interface DeskFilter {
  open: boolean;
  level: Level | null;
  category: CategoryId | null;
}

/** What is on the desk when it opens, and what the number in the window's title counts. */
export const openCases: DeskFilter = { open: true, level: null, category: null };

/** As many open cases as the API gives at once. */
const firstPage = 200;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => get<SessionView>('/session', {}, signal),
  staleTime: 60_000,
});

export const alertsQuery = (filter: DeskFilter) =>
  infiniteQueryOptions({
    queryKey: ['alerts', filter],
    queryFn: ({ pageParam, signal }) =>
      get<AlertPage>('/alerts', { ...filter, before: pageParam, limit: filter.open ? firstPage : 50 }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
  });

export const alertQuery = (id: number) =>
  queryOptions({ queryKey: ['alert', id], queryFn: ({ signal }) => get<AlertDetail>(`/alerts/${id}`, {}, signal) });

export const itemsQuery = (filter: Pick<ItemQuery, 'level' | 'category' | 'relevant' | 'source'>) =>
  infiniteQueryOptions({
    queryKey: ['items', filter],
    queryFn: ({ pageParam, signal }) => get<ItemPage>('/items', { ...filter, before: pageParam, limit: 50 }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
  });

export const itemQuery = (id: number) =>
  queryOptions({ queryKey: ['item', id], queryFn: ({ signal }) => get<ItemDetail>(`/items/${id}`, {}, signal) });

export const explanationQuery = (id: number) =>
  queryOptions({ queryKey: ['explanation', id], queryFn: ({ signal }) => get<ExplanationView>(`/items/${id}/explanation`, {}, signal) });

/** Every open alert, in the order learned from outcomes. */
export const rankingQuery = queryOptions({
  queryKey: ['ranking'],
  queryFn: ({ signal }) => get<RankingView>('/alerts/ranking', {}, signal),
  refetchInterval: 30_000,
});
export const eventsQuery = (filter: Omit<EventQuery, 'before' | 'limit'>) =>
  infiniteQueryOptions({
    queryKey: ['events', filter],
    queryFn: ({ pageParam, signal }) => get<EventPage>('/events', { ...filter, before: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: 60_000,
  });

export const eventQuery = (id: number) =>
  queryOptions({
    queryKey: ['event', id],
    queryFn: ({ signal }) => get<EventDetail>(`/events/${id}`, {}, signal),
    refetchInterval: 60_000,
  });

export const kindredQuery = (id: number) =>
  queryOptions({
    queryKey: ['event', id, 'kindred'],
    queryFn: ({ signal }) => get<KindredEvents>(`/events/${id}/kindred`, {}, signal),
    staleTime: 30_000,
  });

/**
 * An event's items beyond those that come with it, page by page, begun with those. An act that moves items is an entry more, and
 * begins anew.
 */
export const eventItemsQuery = ({ id, items, itemCount, entries }: Pick<EventDetail, 'id' | 'items' | 'itemCount' | 'entries'>) =>
  infiniteQueryOptions({
    queryKey: ['event', id, 'items', entries.length],
    queryFn: ({ pageParam, signal }) => get<EventItemPage>(`/events/${id}/items`, { before: pageParam, limit: 200 }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
    initialData: { pages: [{ rows: items, next: items.length < itemCount ? (items.at(-1)?.id ?? null) : null }], pageParams: [null] },
    enabled: false,
    gcTime: 0,
  });

export const reportsQuery = (filter: Pick<ReportQuery, 'unalerted'>) =>
  infiniteQueryOptions({
    queryKey: ['reports', filter],
    queryFn: ({ pageParam, signal }) => get<ReportPage>('/reports', { ...filter, before: pageParam, limit: 50 }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: 30_000,
  });

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: ({ signal }) => get<SourceList>('/sources', {}, signal),
  refetchInterval: 15_000,
});

export const sourceQuery = (id: number) =>
  queryOptions({
    queryKey: ['sources', id],
    queryFn: ({ signal }) => get<SourceDetail>(`/sources/${id}`, {}, signal),
    refetchInterval: 15_000,
  });

export const sourceKindsQuery = queryOptions({
  queryKey: ['source-kinds'],
  queryFn: ({ signal }) => get<SourceKindList>('/source-kinds', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: ({ signal }) => get<ChannelList>('/channels', {}, signal),
  refetchInterval: 15_000,
});

export const channelKindsQuery = queryOptions({
  queryKey: ['channel-kinds'],
  queryFn: ({ signal }) => get<ChannelKindList>('/channel-kinds', {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export const progressQuery = (year: number) =>
  queryOptions({ queryKey: ['progress', year], queryFn: ({ signal }) => get<ProgressView>('/progress', { year }, signal) });

export const trainingsQuery = (year: number) =>
  queryOptions({ queryKey: ['trainings', year], queryFn: ({ signal }) => get<TrainingList>('/trainings', { year }, signal) });

export const addTraining = (request: TrainingRequest): Promise<TrainingView> => post('/trainings', request);

export const tallyQuery = (year: number, state: TallyView['state'] | null) =>
  infiniteQueryOptions({
    queryKey: ['tally', year, state],
    queryFn: ({ pageParam, signal }) => get<TallyPage>('/tally', { year, state, after: pageParam, limit: 100 }, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
  });

export const signIn = (request: LoginRequest): Promise<SessionView> => post('/session', request);
export const signOut = (): Promise<void> => remove('/session');
export const setUp = (request: SetupRequest): Promise<SessionView> => post('/setup', request);

export const acknowledge = (id: number, request: AlertNoteRequest = {}): Promise<AlertDetail> => post(`/alerts/${id}/acknowledge`, request);
export const verify = (id: number, request: AlertNoteRequest): Promise<AlertDetail> => post(`/alerts/${id}/verify`, request);
export const assign = (id: number, request: AlertAssignRequest): Promise<AlertDetail> => post(`/alerts/${id}/assign`, request);
export const confirmLevel = (id: number, request: AlertLevelRequest): Promise<AlertDetail> => post(`/alerts/${id}/level`, request);
export const close = (id: number, request: AlertCloseRequest): Promise<AlertDetail> => post(`/alerts/${id}/close`, request);

export const splitEvent = (id: number, request: EventSplitRequest): Promise<EventDetail> => post(`/events/${id}/split`, request);
export const mergeEvent = (id: number, request: EventMergeRequest): Promise<EventDetail> => post(`/events/${id}/merge`, request);

export const addSource = (request: SourceRequest): Promise<SourceView> => post('/sources', request);
export const changeSource = (id: number, request: SourceChangeRequest): Promise<SourceView> => patch(`/sources/${id}`, request);
export const removeSource = (id: number): Promise<void> => remove(`/sources/${id}`);
export const tryAddress = (request: SourceTrialRequest): Promise<SourceTrial> => post('/sources/test', request);
export const trySource = (id: number, request: SourceTrialChange): Promise<SourceTrial> => post(`/sources/${id}/test`, request);
export const pauseSource = (id: number): Promise<unknown> => post(`/sources/${id}/pause`);
export const resumeSource = (id: number): Promise<unknown> => post(`/sources/${id}/resume`);
export const checkSource = (id: number): Promise<unknown> => post(`/sources/${id}/run`);

export const addChannel = (request: ChannelRequest): Promise<ChannelView> => post('/channels', request);
export const changeChannel = (id: number, request: ChannelChangeRequest): Promise<ChannelView> => patch(`/channels/${id}`, request);
export const testChannel = (id: number): Promise<ChannelTestView> => post(`/channels/${id}/test`);
export const removeChannel = (id: number): Promise<void> => remove(`/channels/${id}`);
export const pushKeyOf = (): Promise<PushKeyView> => get('/push-key');

/** Only what may pass by itself is tried again; a refusal is shown at once. */
export function worthRetrying(failures: number, error: unknown): boolean {
  const passing = error instanceof ApiError && (error.status === 0 || error.status >= 500);
  return passing && failures < 2;
}

/** Writes one alert's new state into every list that is held in memory. */
export function patchAlert(client: QueryClient, alert: AlertView): void {
  const lists = client.getQueriesData<InfiniteData<AlertPage, number | null>>({ queryKey: ['alerts'] });
  for (const [key, data] of lists) {
    if (!data) continue;
    const filter = key[1] as DeskFilter;
    const pages = data.pages.map((page, index) => {
      const known = page.rows.some((row) => row.id === alert.id);
      // What is not in any page yet is new, and the first page is where new ones go.
      const belongs = index === 0 && !data.pages.some((p) => p.rows.some((row) => row.id === alert.id)) && passes(alert, filter);
      if (!known && !belongs) return page;
      return { ...page, rows: [...applyAlert(page.rows, alert, belongs)] };
    });
    client.setQueryData<InfiniteData<AlertPage, number | null>>(key, bounded({ ...data, pages }));
  }
}

/** A desk that stays open for days must not grow without end: what is cut off can be asked for again as the next page. */
function bounded(data: InfiniteData<AlertPage, number | null>): InfiniteData<AlertPage, number | null> {
  const rows = data.pages[0]?.rows ?? [];
  if (rows.length <= 2 * firstPage) return data;
  const kept = rows.slice(0, firstPage);
  return { pages: [{ rows: kept, next: kept.at(-1)?.id ?? null }], pageParams: data.pageParams.slice(0, 1) };
}

function passes(alert: AlertView, filter: DeskFilter): boolean {
  if (filter.open !== (alert.state !== 'closed')) return false;
  if (filter.level !== null && levelRank(alert.level) < levelRank(filter.level)) return false;
  return filter.category === null || alert.categories.includes(filter.category);
}
