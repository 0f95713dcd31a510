import type { LexiconView } from '@guanlan/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useState } from 'react';
import { sentence } from '../client.ts';
import { discardDraft, lexiconQuery, saveDraft } from './lexicon-queries.ts';
import { joinFiles, type RuleFile, splitFiles } from './rule-files.ts';

/** The rules as they are being changed: the draft where there is one, else what is in force. */
export function useDraft({ revision, draft }: LexiconView) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const stored = draft?.body ?? revision?.body ?? '';
  const [files, setFiles] = useState<RuleFile[]>(() => splitFiles(stored));
  const [version, setVersion] = useState(draft?.version ?? 0);
  const [kept, setKept] = useState(stored);
  // What the text began from, not what is in force by now: a revision published meanwhile must not be undone unseen.
  const [base, setBase] = useState(draft?.baseRevisionId ?? revision?.id ?? 1);
  const body = joinFiles(files);
  const dirty = body !== kept;

  const save = useMutation({
    mutationFn: (rebasedOn?: number) => saveDraft({ body, version, baseRevisionId: rebasedOn ?? base }),
    onSuccess: (saved) => {
      setBase(saved.baseRevisionId);
      setVersion(saved.version);
      setKept(saved.body);
      client.setQueryData<LexiconView>(lexiconQuery.queryKey, (view) => view && { ...view, draft: saved });
    },
    onError: (error) => void message.error(`没有保存：${sentence(error)}`),
  });
  const discard = useMutation({
    mutationFn: () => (version === 0 ? Promise.resolve() : discardDraft(version)),
    onSuccess: () => client.invalidateQueries({ queryKey: lexiconQuery.queryKey }),
    onError: (error) => void message.error(`没有放弃：${sentence(error)}`),
  });

  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);

  return {
    files,
    body,
    version,
    dirty,
    save,
    discard,
    change: (index: number, text: string) => setFiles((now) => now.map((file, n) => (n === index ? { ...file, text } : file))),
    /** Saves what is not saved; the version that then stands. */
    saved: async () => (dirty || version === 0 ? (await save.mutateAsync(undefined)).version : version),
  };
}
