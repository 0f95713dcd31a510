import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as AntdApp, ConfigProvider } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import type { ReactNode } from 'react';
import { createBrowserRouter, Navigate } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { ApiError } from './client.ts';
import { Broken, Loading, Missing } from './parts/states.tsx';
import { sessionQuery, worthRetrying } from './queries.ts';
import { Shell } from './shell.tsx';
import { themeFor, useScheme } from './theme.ts';

/** A session that has ended anywhere ends everywhere: the shell then asks to sign in again. */
function noticeSignOut(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
}

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignOut }),
  mutationCache: new MutationCache({ onError: noticeSignOut }),
  defaultOptions: { queries: { retry: worthRetrying, staleTime: 5_000 } },
});

const router = createBrowserRouter([
  { path: '/sign-in', lazy: () => import('./pages/session.tsx'), HydrateFallback: Loading, ErrorBoundary: Broken },
  { path: '/setup', lazy: () => import('./pages/setup.tsx'), HydrateFallback: Loading, ErrorBoundary: Broken },
  {
    path: '/',
    Component: Shell,
    HydrateFallback: Loading,
    ErrorBoundary: Broken,
    children: [
      { index: true, element: <Navigate to="/alerts" replace /> },
      { path: 'alerts/:id?', lazy: () => import('./pages/alert.tsx'), ErrorBoundary: Broken },
      { path: 'duty', lazy: () => import('./pages/roster.tsx'), ErrorBoundary: Broken },
      { path: 'notifications', lazy: () => import('./pages/notification.tsx'), ErrorBoundary: Broken },
      { path: 'silences', lazy: () => import('./pages/silence.tsx'), ErrorBoundary: Broken },
      { path: 'routes', lazy: () => import('./pages/route.tsx'), ErrorBoundary: Broken },
      { path: 'alert-policy', lazy: () => import('./pages/alert-policy.tsx'), ErrorBoundary: Broken },
      { path: 'drills', lazy: () => import('./pages/drill.tsx'), ErrorBoundary: Broken },
      { path: 'events/:id?', lazy: () => import('./pages/event.tsx'), ErrorBoundary: Broken },
      { path: 'items/:id?', lazy: () => import('./pages/item.tsx'), ErrorBoundary: Broken },
      { path: 'reports', lazy: () => import('./pages/report.tsx'), ErrorBoundary: Broken },
      { path: 'progress', lazy: () => import('./pages/progress.tsx'), ErrorBoundary: Broken },
      { path: 'sources/:id?', lazy: () => import('./pages/source.tsx'), ErrorBoundary: Broken },
      { path: 'channels', lazy: () => import('./pages/channel.tsx'), ErrorBoundary: Broken },
      { path: 'lexicon', lazy: () => import('./pages/lexicon.tsx'), ErrorBoundary: Broken },
      { path: 'quality', lazy: () => import('./pages/quality.tsx'), ErrorBoundary: Broken },
      { path: '*', Component: Missing },
    ],
  },
]);

export function App() {
  return (
    <Themed>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </Themed>
  );
}

function Themed({ children }: { children: ReactNode }) {
  const { dark } = useScheme();
  return (
    <ConfigProvider locale={zhCN} theme={themeFor(dark)} button={{ autoInsertSpace: false }}>
      <AntdApp className="app">{children}</AntdApp>
    </ConfigProvider>
  );
}
