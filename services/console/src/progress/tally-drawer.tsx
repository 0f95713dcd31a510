import type { TallyView } from '@guanlan/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Drawer, Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { Moment } from '../parts/moment.tsx';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import { tallyQuery } from '../queries.ts';

const titles: Record<TallyView['state'], string> = { counted: '计数', duplicate: '重复', struck: '剔除' };

/** The rows behind the yearly figure: those that count, and those that do not, with why. */
export function TallyDrawer({ year, counted, open, onClose }: { year: number; counted: number; open: boolean; onClose: () => void }) {
  return (
    <Drawer title={`${year} 年计数依据`} open={open} onClose={onClose} size={760} destroyOnHidden>
      <Rows year={year} counted={counted} />
    </Drawer>
  );
}

function Rows({ year, counted }: { year: number; counted: number }) {
  const [state, setState] = useState<TallyView['state']>('counted');
  const tally = useInfiniteQuery(tallyQuery(year, state));
  const rows = tally.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <Segmented<TallyView['state']>
        aria-label="看哪一类"
        value={state}
        onChange={setState}
        options={(['counted', 'duplicate', 'struck'] as const).map((value) => ({ value, label: titles[value] }))}
      />
      <p className="quiet hint">
        {state === 'counted' ? `逐条列出，合计 ${counted} 条，已列出 ${rows.length} 条。` : '这些信息相关但不计数，说明里写明原因。'}
      </p>
      {tally.isPending ? <Loading /> : null}
      {tally.isError && rows.length === 0 ? <Fault error={tally.error} retry={() => void tally.refetch()} /> : null}
      {tally.isSuccess && rows.length === 0 ? <Nothing title={`没有${titles[state]}的信息`} /> : null}
      <ol className="tally">
        {rows.map((row) => (
          <li key={row.itemId}>
            <Link to={`/items/${row.itemId}`}>{row.title || `信息 ${row.itemId}`}</Link>
            <span className="quiet">
              信息 {row.itemId} · <Link to={`/events/${row.eventId}`}>事件 {row.eventId}</Link> · {row.source} ·{' '}
              <Moment at={row.collectedAt} />
            </span>
            {row.note ? <span className="note">{row.note}</span> : null}
          </li>
        ))}
      </ol>
      {tally.hasNextPage ? (
        <Button block loading={tally.isFetchingNextPage} onClick={() => void tally.fetchNextPage()}>
          再列 100 条
        </Button>
      ) : null}
    </>
  );
}
