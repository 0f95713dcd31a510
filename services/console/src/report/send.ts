import type { AttachmentView, Problem, ReportFormView, ReportReceiptView, ReportRequest } from '@guanlan/contracts';
import type { Draft } from './draft.ts';

/** The server said no: `message` tells why. Everything else that goes wrong is tried again. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Sent {
  report: ReportReceiptView;
  /** It had been filed before; what was sent now did not count. */
  before: boolean;
}

export function reportClient(token: string) {
  const ask = async <Answer>(path: string, init: RequestInit = {}): Promise<{ answer: Answer; status: number }> => {
    const response = await fetch(`/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
    if (response.ok) return { answer: (await response.json()) as Answer, status: response.status };
    const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
    // Too busy and out of order pass by themselves.
    if (response.status === 429 || response.status >= 500 || problem === null)
      throw new Error(problem?.detail ?? `HTTP ${response.status}`);
    throw new Refusal(response.status, problem.detail ?? problem.title ?? '没有收下。');
  };
  return {
    form: async () => (await ask<ReportFormView>('/report-form')).answer,
    find: async (receipt: string) => (await ask<ReportReceiptView>(`/reports/${encodeURIComponent(receipt)}`)).answer,

    /** Files first, one by one; each that has arrived is noted, so that a broken connection costs one of them at most. */
    send: async (draft: Draft, onStep: (words: string) => void, noted: () => Promise<unknown>): Promise<Sent> => {
      for (const [i, file] of draft.files.entries()) {
        if (file.sha256 !== null) continue;
        onStep(`正在传第 ${i + 1} 个附件，共 ${draft.files.length} 个…`);
        const body = { method: 'POST', body: file.blob, headers: { 'content-type': 'application/octet-stream' } };
        file.sha256 = (await ask<AttachmentView>('/report-attachments', body)).answer.sha256;
        await noted();
      }
      onStep('正在提交…');
      const { answer, status } = await ask<ReportReceiptView>('/reports', {
        method: 'POST',
        body: JSON.stringify(requestOf(draft)),
        headers: { 'content-type': 'application/json' },
      });
      return { report: answer, before: status === 200 };
    },
  };
}

function requestOf(draft: Draft): ReportRequest {
  const { key, what, place, detail, happened, people, done, corrects, files } = draft;
  return {
    ...{ idempotencyKey: key, what, place, detail, done, corrects },
    happenedAt: happened === '' ? null : `${happened.length === 16 ? `${happened}:00` : happened}+08:00`,
    people: people === '' ? null : Number(people),
    attachments: files.map(({ sha256, name }) => ({ sha256: sha256 ?? '', name })),
  };
}
