import type { KindredEvents as Kindred } from '@guanlan/contracts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { LevelTag, StateTag } from '../parts/level-tag.tsx';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { kindredQuery } from '../queries.ts';
import { MergeForm } from './event-acts.tsx';
import { kindredReason } from './event-words.ts';
import '../style/event.css';

interface Props {
  /** The event that is looked at. */
  event: { id: number; itemCount: number };
}

/** Other events that may be this very happening, told in other words: why, and one step to merge. Nothing where there are none. */
export function KindredEvents({ event }: Props) {
  const rows = useQuery(kindredQuery(event.id)).data?.rows ?? [];
  const [into, setInto] = useState<Kindred['rows'][number] | null>(null);
  const { act } = useAllowed();
  if (rows.length === 0) return null;
  return (
    <section className="block kindred" aria-labelledby="event-kindred">
      <h2 id="event-kindred">
        可能是同一件事 <span className="quiet">由您判断是否合并</span>
      </h2>
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <div>
              <LevelTag level={row.level} /> <Link to={`/events/${row.id}`}>{row.title || '（无标题）'}</Link>{' '}
              {row.alert === null ? null : <StateTag state={row.alert.state} outcome={row.alert.outcome} />}
              <p className="quiet">
                {kindredReason(row)}；{row.itemCount} 条，最近 <Moment at={row.lastSeenAt} />
              </p>
            </div>
            {act ? (
              <Button size="small" onClick={() => setInto(row)}>
                并入此事件
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {into === null ? null : <MergeForm event={event} into={into} onClose={() => setInto(null)} />}
    </section>
  );
}
