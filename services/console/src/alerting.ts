import type {
  AlertAnswerRequest,
  AlertDetail,
  AlertPauseRequest,
  AlertPolicyList,
  AlertPolicyRequest,
  AlertSettleRequest,
  ChannelList,
  DrillList,
  DrillReport,
  HandoverRequest,
  InhibitionList,
  LedgerPage,
  NotificationQuery,
  ReceiverRequest,
  RosterView,
  RouteList,
  RouteRequest,
  ShiftRequest,
  SilenceList,
  SilenceRequest,
  SwapRequest,
} from '@guanlan/contracts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, post, put, remove } from './client.ts';

/** Who is told, when and how, and what became of it: the queries and acts of the pages about alerting. */

export const rosterQuery = queryOptions({
  queryKey: ['roster'],
  queryFn: ({ signal }) => get<RosterView>('/roster', {}, signal),
  refetchInterval: 60_000,
});

export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: ({ signal }) => get<ChannelList>('/channels', {}, signal),
  refetchInterval: 30_000,
});

export const routesQuery = queryOptions({ queryKey: ['routes'], queryFn: ({ signal }) => get<RouteList>('/routes', {}, signal) });

export const alertPoliciesQuery = queryOptions({
  queryKey: ['alert-policies'],
  queryFn: ({ signal }) => get<AlertPolicyList>('/alert-policies', {}, signal),
});

export const silencesQuery = queryOptions({ queryKey: ['silences'], queryFn: ({ signal }) => get<SilenceList>('/silences', {}, signal) });

export const inhibitionsQuery = queryOptions({
  queryKey: ['inhibitions'],
  queryFn: ({ signal }) => get<InhibitionList>('/inhibitions', {}, signal),
});

export const ledgerQuery = (filter: Pick<NotificationQuery, 'state'>) =>
  infiniteQueryOptions({
    queryKey: ['notifications', filter],
    queryFn: ({ pageParam, signal }) => get<LedgerPage>('/notifications', { ...filter, before: pageParam, limit: 50 }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: 15_000,
  });

export const drillsQuery = queryOptions({
  queryKey: ['drills'],
  queryFn: ({ signal }) => get<DrillList>('/drills', {}, signal),
  refetchInterval: 5_000,
});

export const drillReportQuery = (id: number) =>
  queryOptions({
    queryKey: ['drill', id],
    queryFn: ({ signal }) => get<DrillReport>(`/drills/${id}/report`, {}, signal),
    refetchInterval: 5_000,
  });

export const answer = (id: number, request: AlertAnswerRequest): Promise<AlertDetail> => post(`/alerts/${id}/answer`, request);
export const settle = (id: number, request: AlertSettleRequest): Promise<AlertDetail> => post(`/alerts/${id}/settle`, request);
export const pause = (id: number, request: AlertPauseRequest): Promise<AlertDetail> => post(`/alerts/${id}/pause`, request);
export const resume = (id: number): Promise<AlertDetail> => post(`/alerts/${id}/resume`, {});

export const resend = (id: number): Promise<unknown> => post(`/notifications/${id}/resend`);

export const addReceiver = (request: ReceiverRequest): Promise<unknown> => post('/receivers', request);
export const removeReceiver = (id: number): Promise<unknown> => remove(`/receivers/${id}`);
export const addShift = (request: ShiftRequest): Promise<unknown> => post('/roster/shifts', request);
export const removeShift = (id: number): Promise<unknown> => remove(`/roster/shifts/${id}`);
export const addSwap = (request: SwapRequest): Promise<unknown> => post('/roster/swaps', request);
export const removeSwap = (id: number): Promise<unknown> => remove(`/roster/swaps/${id}`);
export const handOver = (request: HandoverRequest): Promise<unknown> => post('/roster/handovers', request);

export const addSilence = (request: SilenceRequest): Promise<unknown> => post('/silences', request);
export const endSilence = (id: number): Promise<unknown> => post(`/silences/${id}/end`);
export const endInhibition = (id: number): Promise<unknown> => post(`/inhibitions/${id}/end`);

export const addRoute = (request: RouteRequest): Promise<unknown> => post('/routes', request);
export const removeRoute = (id: number): Promise<unknown> => remove(`/routes/${id}`);
export const changeRoute = (id: number, request: RouteRequest): Promise<unknown> => put(`/routes/${id}`, request);
export const setFallback = (id: number, fallbackId: number | null): Promise<unknown> => put(`/channels/${id}/fallback`, { fallbackId });

export const publishAlertPolicy = (request: AlertPolicyRequest): Promise<{ id: number }> => post('/alert-policies', request);

export const startDrill = (script: string): Promise<{ id: number }> => post('/drills', { script });
export const endDrill = (id: number): Promise<unknown> => post(`/drills/${id}/end`);
