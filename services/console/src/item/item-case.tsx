import type { ItemDetail } from '@guanlan/contracts';
import { categoryInfo } from '@guanlan/domain';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { authorTitles } from '../parts/author.ts';
import { LevelTag } from '../parts/level-tag.tsx';
import { MarkedText } from '../parts/marked-text.tsx';
import { Moment } from '../parts/moment.tsx';
import { Fault, Loading } from '../parts/states.tsx';
import { Suppressions } from '../parts/suppressions.tsx';
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
      <dl className="facts">
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
      </dl>
      {data.tally?.note ? <p className="note">{data.tally.note}</p> : null}
      <p className="item-text">
        <MarkedText text={data.text} reasons={reasons.filter((r) => r.field === 'text')} />
      </p>
      {data.url === null ? null : (
        <p>
          <a href={data.url} target="_blank" rel="noopener noreferrer">
            打开原文
          </a>
        </p>
      )}
      <Judgement assessment={assessment} />
    </article>
  );
}

function Judgement({ assessment }: { assessment: ItemDetail['assessment'] }) {
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
      {assessment.reasons.length === 0 ? <p className="quiet">没有规则命中。</p> : null}
      <ul className="suppressed">
        {assessment.reasons.map((reason) => (
          <li key={`${reason.rule} ${reason.field} ${reason.start} ${reason.end}`}>
            规则 {reason.rule}（{categoryInfo(reason.category).title}）在{reason.field === 'title' ? '标题' : '正文'}命中“{reason.term}”
          </li>
        ))}
      </ul>
      <h3>没有采用的规则</h3>
      <Suppressions suppressed={assessment.suppressed} pending={false} error={null} />
    </section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
