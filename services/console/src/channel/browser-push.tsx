import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { sentence } from '../client.ts';
import { addChannel, channelsQuery, pushKeyOf } from '../queries.ts';

/** Turns on notifications in this very browser: it subscribes at its maker's push service, and becomes a channel. */
export function BrowserPush() {
  const client = useQueryClient();
  const { message } = App.useApp();
  const turnOn = useMutation({
    mutationFn: subscribe,
    onSuccess: ({ name }) => {
      void message.success(`已添加：${name}。请发一条测试消息确认能收到`);
      void client.invalidateQueries({ queryKey: channelsQuery.queryKey });
    },
    onError: (error) => void message.error({ content: sentence(error), duration: 8 }),
  });
  return (
    <Button loading={turnOn.isPending} onClick={() => turnOn.mutate()}>
      在此浏览器接收
    </Button>
  );
}

async function subscribe() {
  if (!window.isSecureContext || !('serviceWorker' in navigator) || !('PushManager' in window)) {
    throw new Refusal('浏览器只允许以 https 或本机地址打开的页面接收推送，请用 https 地址打开控制台。');
  }
  if ((await Notification.requestPermission()) !== 'granted')
    throw new Refusal('浏览器没有允许通知，请在地址栏左侧的网站设置中允许后再试。');
  const registration = await navigator.serviceWorker.register('/push-worker.js');
  const { publicKey } = await pushKeyOf();
  const subscription = await registration.pushManager
    .subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
    .catch((error: unknown) => {
      throw new Refusal(
        `浏览器没有连上它的推送服务（${(error as Error).message}）。部分浏览器的推送服务在国内无法访问，可换 Edge 或 Firefox 再试。`,
      );
    });
  const { endpoint, keys = {} } = subscription.toJSON();
  const name = `浏览器 ${new Date().toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai' })}`;
  return addChannel({ kind: 'browser', name, options: { endpoint: endpoint ?? '', p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' } });
}

/** Said as it is. */
class Refusal extends Error {
  override name = 'Refusal';
}
