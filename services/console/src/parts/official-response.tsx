import type { OfficialResponseView } from '@guanlan/contracts';
import { Link } from 'react-router';
import { Moment } from './moment.tsx';

/** What an office has said of the matter: the first of it, to read. */
export function OfficialResponse({ response: { itemId, title, source, at, count } }: { response: OfficialResponseView }) {
  return (
    <>
      <Link to={`/items/${itemId}`}>{title || `信息 ${itemId}`}</Link>{' '}
      <span className="quiet">
        （{source}，<Moment at={at} both />
        {count > 1 ? `，共 ${count} 条` : null}）
      </span>
    </>
  );
}
