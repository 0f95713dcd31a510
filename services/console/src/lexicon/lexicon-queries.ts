import type {
  LexiconCheckView,
  LexiconDraftRequest,
  LexiconDraftView,
  LexiconPreviewLine,
  LexiconPublishRequest,
  LexiconRevisionDetail,
  LexiconRevisionPage,
  LexiconRevisionView,
  LexiconView,
  LexiconVolumeView,
} from '@guanlan/contracts';
import type { PreviewResult } from '@guanlan/domain';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, post, postLines, put, remove } from '../client.ts';

/** What is in force, the draft and the reassessment; looked at again while items are judged anew. */
export const lexiconQuery = queryOptions({
  queryKey: ['lexicon'],
  queryFn: ({ signal }) => get<LexiconView>('/lexicon', {}, signal),
  refetchInterval: ({ state }) => (state.data?.reassessment && state.data.reassessment.finishedAt === null ? 2_000 : 60_000),
});

export const revisionsQuery = infiniteQueryOptions({
  queryKey: ['lexicon', 'revisions'],
  queryFn: ({ pageParam, signal }) => get<LexiconRevisionPage>('/lexicon/revisions', { before: pageParam, limit: 50 }, signal),
  initialPageParam: null as number | null,
  getNextPageParam: (last) => last.next,
});

/** A revision never changes. */
export const revisionQuery = (id: number) =>
  queryOptions({
    queryKey: ['lexicon', 'revision', id],
    queryFn: ({ signal }) => get<LexiconRevisionDetail>(`/lexicon/revisions/${id}`, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const saveDraft = (request: LexiconDraftRequest): Promise<LexiconDraftView> => put('/lexicon/draft', request);
export const discardDraft = (version: number): Promise<void> => remove(`/lexicon/draft?version=${version}`);
export const checkRules = (body: string): Promise<LexiconCheckView> => post('/lexicon/check', { body });
/** How many cases the rules would bring; asked anew whenever it is looked at. */
export const volumeQuery = (body: string) =>
  queryOptions({
    queryKey: ['lexicon', 'volume', body],
    queryFn: () => post<LexiconVolumeView>('/lexicon/volume', { body }),
    gcTime: 0,
    retry: false,
  });
export const publishDraft = (request: LexiconPublishRequest): Promise<LexiconRevisionView> => post('/lexicon/publish', request);

/** Tries rules on stored items; `onProgress` hears how many of how many. */
export async function previewRules(
  body: string,
  items: number,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<PreviewResult> {
  let result: PreviewResult | null = null;
  for await (const line of postLines<LexiconPreviewLine>('/lexicon/preview', { body, items }, signal)) {
    if ('error' in line) throw new Error(line.error);
    if ('result' in line) result = line.result;
    else onProgress(line.done, line.total);
  }
  if (result === null) throw new Error('预览没有做完，连接中断了，请再试一次。');
  return result;
}
