import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { Button } from 'antd';
import { Fragment, type ReactNode } from 'react';
import { Fault, Loading } from './states.tsx';

interface Props<Row> {
  query: UseInfiniteQueryResult<InfiniteData<{ rows: Row[] }>>;
  /** What is said where there is nothing. */
  nothing: ReactNode;
  /** One row, a list item. */
  children: (row: Row) => ReactNode;
}

/** A list that is read on page by page. */
export function PagedList<Row extends { id: number }>({ query, nothing, children }: Props<Row>) {
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      {query.isPending ? <Loading /> : null}
      {query.isError && rows.length === 0 ? <Fault error={query.error} retry={() => void query.refetch()} /> : null}
      {query.isSuccess && rows.length === 0 ? nothing : null}
      <ul className="items">
        {rows.map((row) => (
          <Fragment key={row.id}>{children(row)}</Fragment>
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button block loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          更早的
        </Button>
      ) : null}
    </>
  );
}
