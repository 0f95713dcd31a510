import type { AlertDetail, AlertItemView } from '@guanlan/contracts';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { ExplanationCard } from '../parts/explanation-card.tsx';
import { LevelTag } from '../parts/level-tag.tsx';
import { MarkedText } from '../parts/marked-text.tsx';
import { Moment } from '../parts/moment.tsx';

/** The texts that tell the story, most urgent first, with the evidence marked; one that was told word for word again is shown once. */
export function AlertItems({ alert }: { alert: AlertDetail }) {
  const [shown, setShown] = useState(5);
  const tellings = [...Map.groupBy(alert.items, ({ title, text }) => `${title}\n${text}`).values()];
  return (
    <section className="block" aria-labelledby="case-items">
      <h2 id="case-items">
        信息{' '}
        <span className="quiet">
          {alert.items.length < alert.itemCount
            ? `共 ${alert.itemCount} 条，列出最要紧的 ${alert.items.length} 条`
            : `共 ${alert.itemCount} 条`}
        </span>
      </h2>
      {tellings.slice(0, shown).map(([item, ...copies]) => (item ? <Item key={item.id} item={item} copies={copies} /> : null))}
      {shown < tellings.length ? (
        <Button block onClick={() => setShown(tellings.length)}>
          再看 {tellings.length - shown} 种内容
        </Button>
      ) : null}
    </section>
  );
}

function Item({ item, copies }: { item: AlertItemView; copies: readonly AlertItemView[] }) {
  const [asked, setAsked] = useState(false);
  return (
    <article className="item" id={`item-${item.id}`} tabIndex={-1}>
      <h3>
        <MarkedText text={item.title || '（无标题）'} reasons={item.title ? item.reasons.filter((r) => r.field === 'title') : []} />
      </h3>
      <Meta item={item}>
        <LevelTag level={item.level} />
      </Meta>
      <p className="item-text">
        <MarkedText text={item.text} reasons={item.reasons.filter((r) => r.field === 'text')} shorten />
      </p>
      {copies.length === 0 ? null : (
        // Not a button: a link to one of the copies opens it.
        <details>
          <summary>另有 {copies.length} 条相同内容</summary>
          <ul className="copies">
            {copies.map((copy) => (
              <li key={copy.id} id={`item-${copy.id}`} tabIndex={-1}>
                <Meta item={copy} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {asked ? (
        <ExplanationCard itemId={item.id} />
      ) : (
        <Button type="link" size="small" className="unfold" onClick={() => setAsked(true)}>
          说明卡：什么提高、压低了级别，哪些规则差一点命中
        </Button>
      )}
    </article>
  );
}

/** Where and when it was said. */
function Meta({ item, children }: { item: AlertItemView; children?: ReactNode }) {
  return (
    <p className="item-meta">
      {children}
      <span>{item.source}</span>
      <span>
        发布 <Moment at={item.publishedAt} both />
      </span>
      <span>
        采集 <Moment at={item.collectedAt} />
      </span>
      {item.url === null ? null : (
        <a href={item.url} target="_blank" rel="noopener noreferrer">
          原文
        </a>
      )}
      <span className="quiet">信息 {item.id}</span>
    </p>
  );
}
