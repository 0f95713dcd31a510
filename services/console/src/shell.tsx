import type { AccountView } from '@guanlan/contracts';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { useEffect } from 'react';
import { Navigate, NavLink, Outlet, useLocation } from 'react-router';
import { sentence } from './client.ts';
import { LiveProvider, useLive } from './live.tsx';
import { isDuty } from './parts/duty-nav.tsx';
import { useNow } from './parts/now.ts';
import { Fault, Loading } from './parts/states.tsx';
import { alertsQuery, openCases, sessionQuery, signOut } from './queries.ts';
import { type Scheme, schemeTitles, useScheme } from './theme.ts';
import { duration } from './time.ts';

const roleTitles: Record<AccountView['role'], string> = { admin: '管理员', analyst: '值班员', leader: '负责人', auditor: '审计员' };

/** The frame of every page: who is signed in, the way around, and whether news arrives. */
export function Shell() {
  const session = useQuery(sessionQuery);
  const { pathname, search } = useLocation();
  if (session.isPending) return <Loading />;
  if (session.isError && !session.data) return <Fault error={session.error} retry={() => void session.refetch()} />;
  const { account } = session.data;
  if (account === null) return <Navigate to={`/sign-in?to=${encodeURIComponent(pathname + search)}`} replace />;
  return (
    <LiveProvider>
      <Frame account={account} />
    </LiveProvider>
  );
}

function Frame({ account }: { account: AccountView }) {
  const unanswered = useUnanswered();
  const { fresh } = useLive();
  const { pathname } = useLocation();
  return (
    <div className="frame">
      <a className="skip" href="#main">
        跳到正文
      </a>
      <header className="top">
        <span className="brand" translate="no">
          观澜
        </span>
        <nav className="nav" aria-label="主导航">
          <NavLink to="/alerts">
            预警提示
            {unanswered === null ? null : (
              <span className="count" title={`${unanswered} 条待签收`}>
                {unanswered}
                <span className="sr">条待签收</span>
              </span>
            )}
          </NavLink>
          <NavLink to="/events">事件</NavLink>
          <NavLink to="/duty" className={isDuty(pathname) ? 'active' : ''}>
            值班
          </NavLink>
          <NavLink to="/items">信息</NavLink>
          <NavLink to="/reports">直报</NavLink>
          <NavLink to="/progress">绩效进度</NavLink>
          <NavLink to="/sources">信息源</NavLink>
          <NavLink to="/channels">通知渠道</NavLink>
          <NavLink to="/lexicon">词库</NavLink>
          <NavLink to="/quality">研判质量</NavLink>
        </nav>
        <div className="tools">
          <Connection />
          <Account account={account} />
        </div>
      </header>
      <p className="sr" role="status">
        {fresh.size > 0 ? `${fresh.size} 条新的预警提示` : ''}
      </p>
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

/** How many alerts wait for somebody to take them on; the window's title shows it on every page. */
function useUnanswered(): string | null {
  const { data, hasNextPage } = useInfiniteQuery(alertsQuery(openCases));
  const { listed } = useLive();
  const count = data?.pages.flatMap((page) => page.rows).filter((row) => row.state === 'firing').length ?? 0;
  // More than one page is open: the number is at least this.
  const words = count === 0 ? null : hasNextPage ? `${count}+` : String(count);
  useEffect(() => {
    if (data) listed(data.pages.flatMap((page) => page.rows).map((row) => row.id));
  }, [data, listed]);
  useEffect(() => {
    document.title = words === null ? '观澜' : `(${words}) 待签收 · 观澜`;
  }, [words]);
  return words;
}

function Connection() {
  const { connection, lostAt } = useLive();
  const now = useNow();
  const lostFor = lostAt === null ? 0 : now.getTime() - lostAt;
  const words = {
    connecting: '正在连接',
    live: '实时',
    lost: lostFor < 60_000 ? '连接中断，正在重连' : `连接中断 ${duration(lostFor)}，正在重连`,
  }[connection];
  return (
    <span
      className={`connection connection-${connection}`}
      role="status"
      title={connection === 'live' ? '新的预警提示会自动出现' : undefined}
    >
      <span className="dot" aria-hidden="true" />
      {words}
    </span>
  );
}

function Account({ account }: { account: AccountView }) {
  const { message } = App.useApp();
  const { scheme, choose } = useScheme();
  const leave = useMutation({
    mutationFn: signOut,
    // A fresh page holds nothing of what was read before.
    onSuccess: () => window.location.assign('/sign-in'),
    onError: (error) => void message.error(`没有退出：${sentence(error)}`),
  });
  const schemes = Object.keys(schemeTitles) as Scheme[];
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectable: true,
        selectedKeys: [scheme],
        items: [
          { key: 'who', type: 'group', label: `${account.name}（${roleTitles[account.role]}）` },
          { type: 'divider' },
          {
            key: 'scheme',
            type: 'group',
            label: '外观',
            children: schemes.map((key) => ({ key, label: schemeTitles[key], onClick: () => choose(key) })),
          },
          { type: 'divider' },
          { key: 'leave', label: '退出登录', onClick: () => leave.mutate() },
        ],
      }}
    >
      <Button type="text" className="account" aria-label={`账号与外观：${account.name}`} aria-haspopup="menu">
        {account.name}
        <span aria-hidden="true"> ▾</span>
      </Button>
    </Dropdown>
  );
}
