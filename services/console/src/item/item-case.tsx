import type { ItemDetail } from '@guanlan/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { authorTitles } from '../parts/author.ts';
import { ExplanationCard } from '../parts/explanation-card.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { LevelTag } from '../parts/level-tag.tsx';
import { MarkedText } from '../parts/marked-text.tsx';
import { Moment } from '../parts/moment.tsx';
import { Fault, Loading } from '../parts/states.tsx';
import { itemQuery } from '../queries.ts';

const tallyTitles: Record<NonNullable<ItemDetail['tally']>['state'], string> = {
  counted: '计入',
  duplicate: '重复，不计',
  struck: '已剔除，不计',
};

/** One item: its text with the evidence marked, the judgement, and where it counts. */
export function ItemCase({ id }: { id: number }) {
  const { data, isPending, error, refetch } = useQuery(itemQuery(id));
  if (isPending) return <Loading />;
  if (!data) return <Fault error={error} retry={() => void refetch()} />;
  const { assessment } = data;
  const reasons = assessment?.reasons ?? [];
  return (
    <article className="case">
      <h1>{data.title ? <MarkedText text={data.title} reasons={reasons.filter((r) => r.field === 'title')} /> : '（无标题）'}</h1>
      <Facts>
        <Fact name="信息源">{data.source.name}</Fact>
        <Fact name="发布者类型">{authorTitles[data.authorKind]}</Fact>
        <Fact name="发布">
          <Moment at={data.publishedAt} both />
        </Fact>
        <Fact name="采集">
          <Moment at={data.collectedAt} both />
        </Fact>
        <Fact name="事件">
          {data.eventId === null ? '不属于任何事件' : <Link to={`/events/${data.eventId}`}>事件 {data.eventId}</Link>}
        </Fact>
        <Fact name="预警提示">
          {data.alertIds.length === 0
            ? '无'
            : data.alertIds.map((alert) => (
                <Link key={alert} to={`/alerts/${alert}`} className="ref">
                  预警 {alert}
                </Link>
              ))}
        </Fact>
        <Fact name="年度计数">{data.tally === null ? '不计' : `${data.tally.year} 年：${tallyTitles[data.tally.state]}`}</Fact>
      </Facts>
      {data.tally?.note ? <p className="note">{data.tally.note}</p> : null}
      <p className="item-text">
        <MarkedText text={data.text} reasons={reasons.filter((r) => r.field === 'text')} />
      </p>
      <Revisions item={data} />
      {data.url === null ? null : (
        <p>
          <a href={data.url} target="_blank" rel="noopener noreferrer">
            打开原文
          </a>
        </p>
      )}
      <Judgement id={id} assessment={assessment} />
    </article>
  );
}

/** Somebody changed the article after it was collected: what it says since. */
function Revisions({ item: { revisions, title, text } }: { item: ItemDetail }) {
  if (revisions.length === 0) return null;
  return (
    <section className="block" aria-labelledby="item-revisions">
      <h2 id="item-revisions">原文有改动</h2>
      <p className="quiet">上面是最初采集到的内容，级别也按它评估；改动后的内容如下，是否影响判断请人工查看。</p>
      {revisions.map((revision) => (
        <details key={revision.at}>
          <summary>
            <Moment at={revision.at} both /> 发现{revision.title === title ? '' : '标题'}
            {revision.title !== title && revision.text !== text ? '和' : ''}
            {revision.text === text ? '' : `正文（${revision.text.length} 字，原来 ${text.length} 字）`}有改动
          </summary>
          {revision.title === title ? null : <p>{revision.title}</p>}
          {revision.text === text ? null : <p className="item-text">{revision.text}</p>}
        </details>
      ))}
    </section>
  );
}

function Judgement({ id, assessment }: { id: number; assessment: ItemDetail['assessment'] }) {
  if (assessment === null) {
    return (
      <section className="block">
        <h2>评估</h2>
        <p className="quiet">还在等待评估，通常几秒内完成。</p>
      </section>
    );
  }
  return (
    <section className="block" aria-labelledby="item-judgement">
      <h2 id="item-judgement">为什么是这个级别</h2>
      <p>
        <LevelTag level={assessment.level} />{' '}
        <span className="quiet">
          词库版本 {assessment.revisionId}，评估于 <Moment at={assessment.assessedAt} both />
        </span>
      </p>
      <ExplanationCard itemId={id} />
    </section>
  );
}
