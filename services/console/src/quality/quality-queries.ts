import type { QualityView, SampleItems, SampleItemView, SampleVerdictRequest } from '@guanlan/contracts';
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '../client.ts';

export const qualityQuery = (days: number) =>
  queryOptions({ queryKey: ['quality', days], queryFn: ({ signal }) => get<QualityView>('/quality', { days }, signal) });

export const sampleQuery = (week: string) =>
  queryOptions({ queryKey: ['sample', week], queryFn: ({ signal }) => get<SampleItems>(`/quality/samples/${week}`, {}, signal) });

export const judgeSample = (week: string, itemId: number, request: SampleVerdictRequest): Promise<SampleItemView> =>
  post(`/quality/samples/${week}/items/${itemId}`, request);
