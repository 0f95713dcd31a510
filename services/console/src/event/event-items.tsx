import type { EventDetail, EventItemPage, EventItemView } from '@guanlan/contracts';
import { eventLimits } from '@guanlan/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { LevelTag } from '../parts/level-tag.tsx';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault } from '../parts/states.tsx';
import { eventItemsQuery } from '../queries.ts';
import { MergeForm, SplitForm } from './event-acts.tsx';
import { type Telling, tellingsOf } from './event-words.ts';

/** What was ticked when the dialog opened: items that come meanwhile change nothing under somebody's hands. */
type Asking = { act: 'split'; picked: Telling[] } | { act: 'merge' };

/** What tells the event, newest first, copies folded; ticked ones can be split off, all of it merged into another event. */
export function EventItems({ event }: { event: EventDetail }) {
  const allowed = useAllowed();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [asking, setAsking] = useState<Asking | null>(null);
  const older = useInfiniteQuery(eventItemsQuery(event));
  const items = unionOf(event.items, older.data.pages);
  const tellings = tellingsOf(items);
  const picked = tellings.filter(({ item }) => chosen.has(item.id));
  const all = picked.length === tellings.length && items.length >= event.itemCount;
  const toggle = (id: number) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <section className="block" aria-labelledby="event-items">
      <h2 id="event-items">
        信息{' '}
        <span className="quiet">
          {items.length < event.itemCount ? `共 ${event.itemCount} 条，列出最新的 ${items.length} 条` : `共 ${event.itemCount} 条`}
        </span>
      </h2>
      {allowed.act ? (
        <div className="event-acts" role="toolbar" aria-label="拆分与合并">
          <Button
            disabled={picked.length === 0 || all || picked.length > eventLimits.split}
            onClick={() => setAsking({ act: 'split', picked })}
          >
            {picked.length === 0 ? '拆出所选' : `拆出所选（${picked.length}）`}
          </Button>
          <Button onClick={() => setAsking({ act: 'merge' })}>并入其他事件</Button>
          <span className="quiet">
            {all
              ? '全部拆出等于没有拆，请至少留下一条。'
              : picked.length > eventLimits.split
                ? `一次最多拆出 ${eventLimits.split} 条。`
                : tellings.length > 1
                  ? '勾选不属于这件事的信息，可拆成新事件。'
                  : null}
          </span>
        </div>
      ) : null}
      <ul className="tellings">
        {tellings.map((telling) => (
          <TellingRow
            key={telling.item.id}
            telling={telling}
            chosen={chosen.has(telling.item.id)}
            onToggle={allowed.act && tellings.length > 1 ? () => toggle(telling.item.id) : null}
          />
        ))}
      </ul>
      {older.hasNextPage ? (
        <Button block loading={older.isFetchingNextPage} onClick={() => void older.fetchNextPage()}>
          更早的
        </Button>
      ) : null}
      {older.isError ? <Fault error={older.error} retry={() => void older.fetchNextPage()} /> : null}
      {asking?.act === 'split' ? <SplitForm event={event} tellings={asking.picked} onClose={() => setAsking(null)} /> : null}
      {asking?.act === 'merge' ? <MergeForm event={event} onClose={() => setAsking(null)} /> : null}
    </section>
  );
}

/** What has come since the first page was read stands before it; each item once, newest first. */
function unionOf(newest: readonly EventItemView[], pages: readonly EventItemPage[]): EventItemView[] {
  const byId = new Map([...pages.flatMap(({ rows }) => rows), ...newest].map((item) => [item.id, item]));
  return [...byId.values()].sort((a, b) => b.id - a.id);
}

function TellingRow({ telling: { item, copies }, chosen, onToggle }: { telling: Telling; chosen: boolean; onToggle: (() => void) | null }) {
  const [open, setOpen] = useState(false);
  const title = item.title || item.snippet || '（空）';
  return (
    <li className={onToggle === null ? 'telling' : 'telling telling-choice'}>
      {onToggle === null ? null : <Checkbox checked={chosen} onChange={onToggle} aria-label={`选择：${title}`} />}
      <div className="telling-body">
        <Link to={`/items/${item.id}`} className="telling-title">
          {title}
        </Link>
        <Meta item={item} />
        {item.title && item.snippet ? <p className="item-snippet">{item.snippet}</p> : null}
        {copies.length === 0 ? null : (
          <Button type="link" size="small" className="unfold" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? '收起相同内容' : `另有 ${copies.length} 条相同内容`}
          </Button>
        )}
        {open ? (
          <ul className="copies">
            {copies.map((copy) => (
              <li key={copy.id}>
                <Link to={`/items/${copy.id}`}>信息 {copy.id}</Link> <span className="quiet">与信息 {copy.copyOf ?? item.id} 内容相同</span>
                <Meta item={copy} />
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </li>
  );
}

function Meta({ item }: { item: EventItemView }) {
  return (
    <p className="item-meta">
      {item.level === 'none' ? null : <LevelTag level={item.level} />}
      <span>{item.source}</span>
      <Moment at={item.publishedAt ?? item.collectedAt} both />
      {item.url === null ? null : (
        <a href={item.url} target="_blank" rel="noopener noreferrer">
          原文
        </a>
      )}
    </p>
  );
}
