import type { ChannelKindView, ChannelView } from '@guanlan/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { BrowserPush } from '../channel/browser-push.tsx';
import { ChannelForm } from '../channel/channel-form.tsx';
import { sentence } from '../client.ts';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import { channelKindsQuery, channelsQuery, removeChannel, testChannel } from '../queries.ts';
import '../style/source.css';

/** Who is told and how, and whether it still works. */
export function Component() {
  const { data, isPending, error, refetch } = useQuery(channelsQuery);
  const kinds = useQuery(channelKindsQuery).data?.rows ?? [];
  const { manage } = useAllowed();
  const [adding, setAdding] = useState(false);
  return (
    <div className="page">
      <div className="page-head">
        <h1>通知渠道</h1>
        <div className="page-tools">
          {manage ? <BrowserPush /> : null}
          {manage ? (
            <Button type="primary" onClick={() => setAdding(true)}>
              添加渠道
            </Button>
          ) : null}
        </div>
      </div>
      {isPending ? <Loading /> : null}
      {!data && error ? <Fault error={error} retry={() => void refetch()} /> : null}
      {data?.rows.length === 0 ? (
        <Nothing title="还没有通知渠道">
          <p className="quiet">{manage ? '添加一个，预警提示才会送到人手上；否则只显示在界面上。' : '请管理员添加通知渠道。'}</p>
        </Nothing>
      ) : null}
      <ul className="sources">
        {data?.rows.map((channel) => (
          <Channel key={channel.id} channel={channel} kinds={kinds} />
        ))}
      </ul>
      <ChannelForm open={adding} kinds={kinds} onClose={() => setAdding(false)} />
    </div>
  );
}

function Channel({ channel, kinds }: { channel: ChannelView; kinds: readonly ChannelKindView[] }) {
  const { manage } = useAllowed();
  const state = stateOf(channel);
  return (
    <li className={`source source-${state}`}>
      <div className="source-name">
        <p>
          <span className={`health health-${state}`}>{stateTitles[state]}</span>
          <strong>{channel.name}</strong>
        </p>
        <span className="source-url">
          {kinds.find(({ kind }) => kind === channel.kind)?.title ?? channel.kind}
          {channel.allowPrivate ? '，允许内网地址' : ''}
        </span>
      </div>
      <dl className="source-facts">
        <Fact name="最近成功" at={channel.lastSuccessAt} />
        <Fact name="最近失败" at={channel.lastFailureAt} />
        <Fact name="添加于" at={channel.createdAt} />
      </dl>
      {manage ? <ChannelActs channel={channel} kinds={kinds} /> : <span />}
      {state === 'failing' ? (
        <p className="trouble">
          <strong>最近一次没有送达</strong>：{channel.lastFailure || '没有回答'}
        </p>
      ) : null}
    </li>
  );
}

function Fact({ name, at }: { name: string; at: string | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Moment at={at} />
      </dd>
    </div>
  );
}

const stateTitles = { new: '未用过', healthy: '正常', failing: '失败' };

function stateOf({ lastSuccessAt, lastFailureAt }: ChannelView): keyof typeof stateTitles {
  if (lastFailureAt !== null && (lastSuccessAt === null || lastFailureAt > lastSuccessAt)) return 'failing';
  return lastSuccessAt === null ? 'new' : 'healthy';
}

function ChannelActs({ channel, kinds }: { channel: ChannelView; kinds: readonly ChannelKindView[] }) {
  const [changing, setChanging] = useState(false);
  const client = useQueryClient();
  const { message } = App.useApp();
  const settled = () => void client.invalidateQueries({ queryKey: channelsQuery.queryKey });
  const onError = (error: unknown) => void message.error(sentence(error));
  const test = useMutation({
    mutationFn: () => testChannel(channel.id),
    onSuccess: ({ ok, response }) =>
      ok
        ? void message.success(`测试消息已送达：${channel.name}`)
        : void message.error({ content: `没有送达：${response || '没有回答'}`, duration: 8 }),
    onError,
    onSettled: settled,
  });
  const removal = useMutation({
    mutationFn: () => removeChannel(channel.id),
    onSuccess: () => void message.success(`已移除：${channel.name}`),
    onError,
    onSettled: settled,
  });
  return (
    <div className="source-acts">
      <Button loading={test.isPending} onClick={() => test.mutate()}>
        发测试消息
      </Button>
      <Button onClick={() => setChanging(true)}>修改</Button>
      <ChannelForm open={changing} kinds={kinds} changed={channel} onClose={() => setChanging(false)} />
      <Popconfirm
        title={`移除“${channel.name}”？`}
        description="移除后不再向它发送，发送记录保留。"
        okText="移除"
        okButtonProps={{ danger: true }}
        onConfirm={() => removal.mutate()}
      >
        <Button disabled={removal.isPending}>移除</Button>
      </Popconfirm>
    </div>
  );
}
