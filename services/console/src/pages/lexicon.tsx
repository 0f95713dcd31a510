import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { lexiconQuery } from '../lexicon/lexicon-queries.ts';
import { ReassessmentBar } from '../lexicon/reassessment-bar.tsx';
import { RevisionList } from '../lexicon/revision-list.tsx';
import { Workbench } from '../lexicon/workbench.tsx';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import '../style/lexicon.css';

type Tab = 'rules' | 'revisions';

/** The rules that judge: read them, change them as a draft, try the draft on history, publish it, see what was in force when. */
export function Component() {
  const { data, isPending, error, refetch } = useQuery(lexiconQuery);
  const [params, setParams] = useSearchParams();
  const [begun, setBegun] = useState(false);
  const [restored, setRestored] = useState(0);
  const allowed = useAllowed();
  const tab: Tab = params.get('tab') === 'revisions' ? 'revisions' : 'rules';
  const show = (next: Tab) => setParams(next === 'rules' ? {} : { tab: next }, { replace: true });
  if (isPending) return <Loading />;
  if (!data) return <Fault error={error} retry={() => void refetch()} />;
  if (data.revision === null) {
    return (
      <Nothing title="还没有词库">
        <p className="quiet">评估服务启动后会启用随程序提供的词库。</p>
      </Nothing>
    );
  }
  const { revision, draft, reassessment } = data;
  const editing = allowed.act && (begun || draft !== null);
  return (
    <div className="page page-wide">
      <div className="page-head">
        <h1>词库</h1>
        <span className="quiet">
          现行第 {revision.id} 版 · {revision.author || '系统'} · <Moment at={revision.publishedAt} both /> · {revision.note || '没有说明'}
        </span>
        <div className="page-tools">
          <Segmented<Tab>
            aria-label="看什么"
            value={tab}
            onChange={show}
            options={[
              { value: 'rules', label: editing ? '草稿' : '规则' },
              { value: 'revisions', label: '版本' },
            ]}
          />
        </div>
      </div>
      {reassessment === null ? null : <ReassessmentBar reassessment={reassessment} />}
      {/* Kept while the revisions are looked at: what is typed and not saved yet stands in it. */}
      <div className="workbench" hidden={tab !== 'rules'}>
        <Workbench
          // To read, another revision is another workbench; what somebody is changing stays theirs, whatever others publish meanwhile.
          key={editing ? `editing ${restored}` : `revision ${revision.id}`}
          lexicon={data}
          editing={editing}
          onEdit={setBegun}
        />
      </div>
      {tab === 'rules' ? null : (
        <RevisionList
          hasDraft={editing}
          onDraft={() => {
            setRestored(restored + 1);
            show('rules');
          }}
        />
      )}
    </div>
  );
}
