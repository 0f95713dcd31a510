import type { SourceTrial } from '@guanlan/contracts';
import type { UseMutationResult } from '@tanstack/react-query';
import { Alert } from 'antd';
import { sentence } from '../client.ts';
import { Moment } from '../parts/moment.tsx';

type TrialState = Pick<UseMutationResult<SourceTrial>, 'data' | 'isPending' | 'error'>;

/** What a trial found: what would be stored, as it would be stored, and what would not, and why. */
export function Trial({ trial: { data, isPending, error } }: { trial: TrialState }) {
  if (isPending) {
    return (
      <p className="quiet" role="status">
        正在试抓；同一网站两次请求之间至少隔 1 秒，列表页要多等一会儿……
      </p>
    );
  }
  if (error) return <Alert type="error" showIcon role="alert" title={sentence(error)} />;
  if (!data) return null;
  if (data.fault !== null)
    return <Alert type="error" showIcon role="alert" title={`读不到：${data.fault.title}`} description={data.fault.message} />;
  return (
    <section className="trial" aria-label="试抓结果">
      <p role="status">
        <strong>{data.count > 0 ? `会存入 ${data.count} 条` : '没有读到可以存入的内容'}</strong>
        {data.limit === null ? null : <span className="quiet">（试抓只读前 {data.limit} 篇）</span>}
        <span className="quiet">；没有写入任何东西。</span>
      </p>
      <ol className="trial-items">
        {data.items.map((item) => (
          <li key={`${item.url} ${item.title}`}>
            <p>
              <strong>{item.title || '（无标题）'}</strong>
            </p>
            <p className="quiet">
              {item.publishedAt === null ? '没有发布时间' : <Moment at={item.publishedAt} both />}，正文 {item.length} 字
              {item.redactions > 0 ? `，遮蔽个人信息 ${item.redactions} 处` : ''}
            </p>
            {item.snippet === '' ? null : <p className="item-snippet">{item.snippet}</p>}
          </li>
        ))}
      </ol>
      {data.refused.length > 0 ? (
        <>
          <h3>不会存入的</h3>
          <ul className="trial-refused">
            {data.refused.map((reason) => (
              <li key={reason.why}>
                <p>
                  {reason.why}（{reason.count} 条）
                </p>
                {reason.examples.map((example) => (
                  <p key={example} className="source-url">
                    {example}
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
