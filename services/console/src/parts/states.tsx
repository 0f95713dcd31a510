import { Button, Spin } from 'antd';
import type { ReactNode } from 'react';
import { Link, useRouteError } from 'react-router';
import { sentence } from '../client.ts';

export function Loading() {
  return (
    <div className="state" role="status" aria-label="正在加载">
      <Spin />
      <p>正在加载…</p>
    </div>
  );
}

/** Something could not be read: says what, and offers to try again. */
export function Fault({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div className="state" role="alert">
      <p className="state-title">没有读到数据</p>
      <p>{sentence(error)}</p>
      {retry ? <Button onClick={retry}>重试</Button> : null}
    </div>
  );
}

/** Nothing is here; `children` say what to do next. */
export function Nothing({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      {children}
    </div>
  );
}

/** The page's own code failed, or could not be loaded (most often because the console was updated meanwhile). */
export function Broken() {
  const error = useRouteError();
  return (
    <div className="state" role="alert">
      <p className="state-title">页面没能显示</p>
      <p>{error instanceof TypeError ? '控制台可能刚刚更新过，请重新载入。' : sentence(error)}</p>
      <Button type="primary" onClick={() => window.location.reload()}>
        重新载入
      </Button>
    </div>
  );
}

export function Missing() {
  return (
    <Nothing title="没有这个页面">
      <Link to="/alerts">回到预警提示</Link>
    </Nothing>
  );
}
