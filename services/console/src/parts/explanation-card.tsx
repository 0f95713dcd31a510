import type { ExplanationView, ReasonView } from '@guanlan/contracts';
import { categoryInfo } from '@guanlan/domain';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { explanationQuery } from '../queries.ts';
import { Fault, Loading } from './states.tsx';

/** Why an item has its level: what was met, what raised it, what held rules back, and what was nearly met. */
export function ExplanationCard({ itemId }: { itemId: number }) {
  const { data, error, isPending, refetch } = useQuery(explanationQuery(itemId));
  if (isPending) return <Loading />;
  if (!data) return <Fault error={error} retry={() => void refetch()} />;
  const { raised, lowered, nearMisses } = data.explanation;
  return (
    <dl className="card" aria-label="说明卡">
      <Part name="命中" empty="没有规则命中。" size={data.reasons.length}>
        {gather(data).map(({ rule, category, hits }) => (
          <li key={rule}>
            <strong>{rule}</strong> <span className="quiet">{categoryInfo(category).title}</span>
            <br />
            {hits.map((hit) => (
              <span key={`${hit.field} ${hit.start}`} className="term" title={`${fieldTitles[hit.field]}第 ${hit.start + 1}–${hit.end} 字`}>
                {hit.text}
              </span>
            ))}
          </li>
        ))}
      </Part>
      <Part name="提高了级别" empty="没有。" size={raised.length}>
        {raised.map(({ rule, by }) => (
          <li key={`${rule} ${by}`}>
            {by} <span className="quiet">（规则 {rule}）</span>
          </li>
        ))}
      </Part>
      <Part name="压低或挡下" empty="没有。" size={lowered.length}>
        {lowered.map(({ rule, by, text }) => (
          <li key={`${rule} ${by} ${text}`}>
            规则 {rule} 因 <strong>{by}</strong> 未采用{text === '' ? null : <span className="quiet">（“{text}”）</span>}
          </li>
        ))}
      </Part>
      <Part name="差一点命中" empty="没有。" size={nearMisses.length}>
        {nearMisses.map(({ rule, field, found, missing }) => (
          <li key={rule}>
            {rule}：{fieldTitles[field]}有“{found.join('”“')}”，{missing}
          </li>
        ))}
      </Part>
      <Part name="本地" empty="没有写到本县的地名。" size={data.places.length}>
        <li>{data.places.join('、')}</li>
      </Part>
      <Part name="规则" empty="" size={1}>
        <li>
          <Link to="/lexicon">在词库里查看和修改</Link>
        </li>
      </Part>
    </dl>
  );
}

const fieldTitles = { title: '标题', text: '正文' } as const;

function Part({ name, empty, size, children }: { name: string; empty: string; size: number; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{size === 0 ? <span className="quiet">{empty}</span> : <ul>{children}</ul>}</dd>
    </div>
  );
}

function gather({ reasons }: ExplanationView): { rule: string; category: ReasonView['category']; hits: ReasonView[] }[] {
  const rules = Map.groupBy(reasons, (reason) => reason.rule);
  return [...rules].flatMap(([rule, hits]) => (hits[0] === undefined ? [] : [{ rule, category: hits[0].category, hits }]));
}
