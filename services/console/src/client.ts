import type { Problem } from '@guanlan/contracts';

/** What the API answered when something did not work; `message` can be shown as it is. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: Problem['code'] | 'unreachable';
  readonly fields: NonNullable<Problem['fields']>;

  constructor(status: number, code: ApiError['code'], message: string, fields: ApiError['fields'] = []) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

type Query = Record<string, string | number | boolean | null | undefined>;

export function get<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) search.set(name, String(value));
  }
  const suffix = search.size > 0 ? `?${search}` : '';
  return send<Answer>(`${path}${suffix}`, { ...(signal ? { signal } : {}) });
}

export function post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
  return send<Answer>(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

export function put<Answer>(path: string, body: unknown): Promise<Answer> {
  return send<Answer>(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

export function remove(path: string): Promise<void> {
  return send<void>(path, { method: 'DELETE' });
}

/** Faults of every kind as one sentence for a person. */
export function sentence(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return error instanceof Error ? `页面出错：${error.message}` : '页面出错';
}

async function send<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const response = await reach(path, init);
  if (!response.ok) throw await faultOf(response);
  if (response.status === 204) return undefined as Answer;
  return (await response.json()) as Answer;
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'unreachable', '连接不上观澜服务，请检查网络，或确认服务正在运行。');
  }
}

async function faultOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const message = body?.detail || body?.title || `服务返回了错误（HTTP ${response.status}）。`;
  return new ApiError(response.status, body?.code ?? 'internal', message, body?.fields ?? []);
}
