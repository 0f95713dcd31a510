import type { ItemView } from '@guanlan/contracts';
import { categoryInfo, type Level } from '@guanlan/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Drawer, Select } from 'antd';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { ItemCase } from '../item/item-case.tsx';
import { LevelTag } from '../parts/level-tag.tsx';
import { Moment } from '../parts/moment.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Nothing } from '../parts/states.tsx';
import { itemsQuery } from '../queries.ts';

const levelChoices: { value: Level; label: string }[] = [
  { value: 'none', label: '全部信息' },
  { value: 'IV', label: '有级别的' },
  { value: 'III', label: '较大及以上' },
  { value: 'II', label: '重大及以上' },
  { value: 'I', label: '特别重大' },
];

/** What came in, newest first, and what was made of it. */
export function Component() {
  const id = Number(useParams().id ?? Number.NaN);
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const level = levelChoices.find((choice) => choice.value === params.get('level'))?.value ?? 'none';
  const source = Number(params.get('source')) || undefined;
  const relevant = params.get('relevant') === 'true';
  const items = useInfiniteQuery(
    itemsQuery({ ...(level === 'none' ? {} : { level }), ...(source === undefined ? {} : { source }), ...(relevant ? { relevant } : {}) }),
  );
  const choose = (name: string, value: string | null): void => {
    const next = new URLSearchParams(params);
    if (value === null) next.delete(name);
    else next.set(name, value);
    setParams(next, { replace: true });
  };
  const search = params.size > 0 ? `?${params}` : '';
  return (
    <div className="page">
      <div className="page-head">
        <h1>信息</h1>
        <div className="page-tools">
          {source === undefined ? null : <Button onClick={() => choose('source', null)}>只看信息源 {source} ✕</Button>}
          <Select
            aria-label="按是否相关筛选"
            value={relevant}
            options={[
              { value: false, label: '不论是否涉及本县' },
              { value: true, label: '只看涉及本县' },
            ]}
            onChange={(value) => choose('relevant', value ? 'true' : null)}
          />
          <Select
            aria-label="按级别筛选"
            value={level}
            options={levelChoices}
            onChange={(value) => choose('level', value === 'none' ? null : value)}
          />
          <Button loading={items.isRefetching} onClick={() => void items.refetch()}>
            刷新
          </Button>
        </div>
      </div>
      <PagedList
        query={items}
        nothing={
          <Nothing title="没有信息">
            {params.size > 0 ? (
              <Button onClick={() => setParams({}, { replace: true })}>清除筛选</Button>
            ) : (
              <>
                <p className="quiet">信息源检查后，新内容会出现在这里。</p>
                <Link to="/sources">查看信息源</Link>
              </>
            )}
          </Nothing>
        }
      >
        {(item) => <Item item={item} search={search} />}
      </PagedList>
      <Drawer
        title={`信息 ${id}`}
        open={Number.isSafeInteger(id)}
        size={720}
        onClose={() => void navigate(`/items${search}`)}
        destroyOnHidden
      >
        {Number.isSafeInteger(id) ? <ItemCase id={id} /> : null}
      </Drawer>
    </div>
  );
}

function Item({ item, search }: { item: ItemView; search: string }) {
  const { assessment } = item;
  return (
    <li>
      <Link to={`/items/${item.id}${search}`}>
        <span className="row-head">
          {assessment === null ? <span className="quiet">待评估</span> : <LevelTag level={assessment.level} />}
          {assessment?.relevant ? <span className="term">涉及本县</span> : null}
          <span className="quiet">{item.source.name}</span>
          <span className="row-when">
            <Moment at={item.collectedAt} />
          </span>
        </span>
        <span className="row-title">{item.title || item.snippet || '（空）'}</span>
        {item.title && item.snippet ? <span className="item-snippet">{item.snippet}</span> : null}
        {assessment && assessment.categories.length > 0 ? (
          <span className="row-foot">
            {[...assessment.categories.map((id) => categoryInfo(id).title), ...assessment.places].join(' · ')}
          </span>
        ) : null}
      </Link>
    </li>
  );
}
