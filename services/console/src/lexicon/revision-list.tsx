import type { LexiconRevisionView } from '@guanlan/contracts';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Select } from 'antd';
import { useState } from 'react';
import { sentence } from '../client.ts';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading } from '../parts/states.tsx';
import { lexiconQuery, revisionQuery, revisionsQuery, saveDraft } from './lexicon-queries.ts';
import { RuleDiff } from './rule-diff.tsx';

/** Every revision that was in force, what each changed, and a way back. */
export function RevisionList({ hasDraft, onDraft }: { hasDraft: boolean; onDraft: () => void }) {
  const revisions = useInfiniteQuery(revisionsQuery);
  const [shown, setShown] = useState<number | null>(null);
  const rows = revisions.data?.pages.flatMap((page) => page.rows) ?? [];
  const again = useAgain(rows[0]?.id ?? 0);
  const allowed = useAllowed();
  if (revisions.isPending) return <Loading />;
  if (rows.length === 0) return <Fault error={revisions.error} retry={() => void revisions.refetch()} />;
  return (
    <section className="block" aria-label="版本">
      <ol className="revisions">
        {rows.map((row, index) => (
          <li key={row.id}>
            <p>
              <strong>第 {row.id} 版</strong>
              {index === 0 ? <span className="term">现行</span> : null}
              <span className="quiet">
                {row.author || '系统'} · <Moment at={row.publishedAt} both /> · {row.length} 字 · {row.digest.slice(0, 12)}
              </span>
            </p>
            <p>{row.note || <span className="quiet">没有说明</span>}</p>
            <p className="rule-tools">
              <Button size="small" onClick={() => setShown(row.id)}>
                看改动
              </Button>
              {index > 0 && allowed.act ? (
                <Button
                  size="small"
                  disabled={hasDraft}
                  title={hasDraft ? '已有草稿，请先发布或放弃' : undefined}
                  onClick={() => again.mutate(row.id, { onSuccess: onDraft })}
                >
                  以此版为草稿
                </Button>
              ) : null}
            </p>
          </li>
        ))}
      </ol>
      {revisions.hasNextPage ? (
        <Button block loading={revisions.isFetchingNextPage} onClick={() => void revisions.fetchNextPage()}>
          更早的
        </Button>
      ) : null}
      {shown === null ? null : <Changes key={shown} id={shown} rows={rows} onClose={() => setShown(null)} />}
    </section>
  );
}

/** An earlier text as a draft of what is to replace the revision in force. */
function useAgain(current: number) {
  const client = useQueryClient();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: async (id: number) => {
      const { body } = await client.fetchQuery(revisionQuery(id));
      return saveDraft({ body, baseRevisionId: current, version: 0 });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: lexiconQuery.queryKey, exact: true }),
    onError: (error) => void message.error(sentence(error)),
  });
}

/** The difference between two revisions, by default from the one before. */
function Changes({ id, rows, onClose }: { id: number; rows: readonly LexiconRevisionView[]; onClose: () => void }) {
  const earlier = rows.filter((row) => row.id !== id);
  const [other, setOther] = useState(() => rows.find((row) => row.id < id)?.id ?? null);
  const after = useQuery(revisionQuery(id));
  const before = useQuery({ ...revisionQuery(other ?? 0), enabled: other !== null });
  return (
    <Drawer
      open
      size={900}
      onClose={onClose}
      title={
        <span className="rule-tools">
          第 {id} 版，相对于
          <Select
            aria-label="和哪一版比较"
            size="small"
            value={other}
            placeholder="没有更早的版本"
            options={earlier.map((row) => ({ value: row.id, label: `第 ${row.id} 版` }))}
            onChange={setOther}
          />
        </span>
      }
    >
      {after.isPending || (other !== null && before.isPending) ? <Loading /> : null}
      {after.error ? <Fault error={after.error} /> : null}
      {after.data && (other === null || before.data) ? (
        <RuleDiff before={before.data?.body ?? after.data.body} after={after.data.body} />
      ) : null}
    </Drawer>
  );
}
