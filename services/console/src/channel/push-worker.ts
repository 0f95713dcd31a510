/** What runs in the browser while the console is closed: shows what the push channel sent, and opens its case when pressed. */

interface Pushed {
  title: string;
  body: string;
  /** Within this console. */
  path: string;
  tag: string;
  urgent: boolean;
}

interface PushEvent extends Event {
  data: { json(): Pushed } | null;
  waitUntil(work: Promise<unknown>): void;
}

interface ClickEvent extends Event {
  notification: Notification & { data: { path: string } };
  waitUntil(work: Promise<unknown>): void;
}

interface Window {
  url: string;
  focus(): Promise<unknown>;
  navigate(url: string): Promise<unknown>;
}

interface WorkerScope {
  addEventListener(name: 'push', listener: (event: PushEvent) => void): void;
  addEventListener(name: 'notificationclick', listener: (event: ClickEvent) => void): void;
  registration: { showNotification(title: string, options: object): Promise<void> };
  clients: { matchAll(options: object): Promise<Window[]>; openWindow(url: string): Promise<unknown> };
}

const scope = globalThis as unknown as WorkerScope;

scope.addEventListener('push', (event) => {
  const pushed = event.data?.json();
  if (!pushed) return;
  const { title, body, path, tag, urgent } = pushed;
  event.waitUntil(scope.registration.showNotification(title, { body, tag, lang: 'zh-CN', requireInteraction: urgent, data: { path } }));
});

scope.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.path));
});

/** In the console that is open already, where there is one. */
async function open(path: string): Promise<unknown> {
  const [shown] = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!shown) return scope.clients.openWindow(path);
  await shown.focus();
  return shown.navigate(path);
}
