import type { ChannelView, RouteView } from '@guanlan/contracts';
import { categoryInfo, clockText, dayRuleTitles, levelInfo, quietText, sourceGroupTitles } from '@guanlan/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { channelsQuery, removeRoute, rosterQuery, routesQuery, setFallback } from '../alerting.ts';
import { sentence } from '../client.ts';
import { DutyNav } from '../parts/duty-nav.tsx';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading } from '../parts/states.tsx';
import { type Draft, RouteForm } from '../route/route-form.tsx';
import '../style/duty.css';

/** The routing tree, and the channels with the ways that follow when one fails. */
export function Component() {
  const routes = useQuery(routesQuery);
  const channels = useQuery(channelsQuery);
  const { manage } = useAllowed();
  const [draft, setDraft] = useState<Draft | null>(null);
  const rows = routes.data?.rows ?? [];
  return (
    <div className="page">
      <DutyNav />
      <div className="page-head">
        <h1>路由与渠道</h1>
        <p className="quiet">从上往下，第一条符合的生效；其下级中还有符合的，由下级决定。</p>
        <div className="page-tools">
          {manage ? (
            <Button type="primary" onClick={() => setDraft({ id: null, parentId: null, position: nextPosition(rows, null) })}>
              添加路由
            </Button>
          ) : null}
        </div>
      </div>
      {routes.isPending ? <Loading /> : null}
      {routes.isError && !routes.data ? <Fault error={routes.error} retry={() => void routes.refetch()} /> : null}
      <section className="block" aria-labelledby="routes">
        <h2 id="routes">路由</h2>
        <Branch rows={rows} parentId={null} channels={channels.data?.rows ?? []} edit={manage ? setDraft : null} />
      </section>
      <section className="block" aria-labelledby="channels">
        <h2 id="channels">渠道</h2>
        {channels.data?.rows.length === 0 ? (
          <p className="quiet">
            还没有渠道，用命令 <code>guanlan channel add</code> 添加。
          </p>
        ) : null}
        <ul className="lines">
          {channels.data?.rows.map((channel) => (
            <Channel key={channel.id} channel={channel} all={channels.data.rows} manage={manage} />
          ))}
        </ul>
      </section>
      {draft === null ? null : <RouteForm draft={draft} rows={rows} channels={channels.data?.rows ?? []} onClose={() => setDraft(null)} />}
    </div>
  );
}

/** Before the default route, with room on both sides. */
function nextPosition(rows: readonly RouteView[], parentId: number | null): number {
  const taken = rows.filter((row) => row.parentId === parentId && !row.isDefault).map(({ position }) => position);
  return Math.min(Math.max(0, ...taken) + 10, 900);
}

interface BranchProps {
  rows: readonly RouteView[];
  parentId: number | null;
  channels: readonly ChannelView[];
  edit: ((draft: Draft) => void) | null;
}

function Branch({ rows, parentId, channels, edit }: BranchProps) {
  const own = rows.filter((row) => row.parentId === parentId);
  if (own.length === 0) return null;
  return (
    <ul className={parentId === null ? 'lines' : 'lines branch'}>
      {own.map((row) => (
        <li key={row.id}>
          <div className="line">
            <div className="line-head">
              <strong>{row.name}</strong>
              {row.isDefault ? <span className="term">默认</span> : <span className="quiet">顺序 {row.position}</span>}
              {edit === null ? null : (
                <span className="line-when">
                  <Button size="small" onClick={() => edit(row)}>
                    修改
                  </Button>
                  <Button
                    size="small"
                    type="text"
                    onClick={() => edit({ id: null, parentId: row.id, position: nextPosition(rows, row.id) })}
                  >
                    加下级
                  </Button>
                  {row.isDefault ? null : <Remove id={row.id} />}
                </span>
              )}
            </div>
            <p className="line-reason">{takesText(row)}</p>
            <Told row={row} channels={channels} />
          </div>
          <Branch rows={rows} parentId={row.id} channels={channels} edit={edit} />
        </li>
      ))}
    </ul>
  );
}

function takesText(row: RouteView): string {
  const parts = [
    `${levelInfo[row.minLevel].title}及以上`,
    row.categories.map((id) => categoryInfo(id).title).join('、'),
    row.places.join('、'),
    row.groups.map((group) => sourceGroupTitles[group]).join('、'),
    row.days === undefined || row.days === 'any' ? '' : dayRuleTitles[row.days],
    typeof row.fromMinute === 'number' && typeof row.toMinute === 'number'
      ? quietText({ fromMinute: row.fromMinute, toMinute: row.toMinute })
      : '',
  ];
  return `接收：${parts.filter((part) => part !== '').join('，')}`;
}

function Told({ row, channels }: { row: RouteView; channels: readonly ChannelView[] }) {
  const receivers = useQuery(rosterQuery).data?.receivers ?? [];
  const who = [
    ...row.channelIds.map((id) => channels.find((channel) => channel.id === id)?.name ?? `渠道 ${id}`),
    ...row.receiverIds.map((id) => receivers.find((one) => one.id === id)?.name ?? `接收人 ${id}`),
    ...(row.onDuty ? ['值班员'] : []),
  ];
  return (
    <p className="line-reason">
      通知：{who.length > 0 ? who.join('、') : row.parentId === null ? <span className="fault">没有人</span> : '同上级'}
      {row.quiet ? `；${quietText(row.quiet)} 静默，${levelInfo[row.quiet.floor].title}及以上照常` : ''}
      {row.digest ? `；${levelInfo[row.digest.maxLevel].title}及以下在 ${row.digest.atMinutes.map(clockText).join('、')} 汇总发送` : ''}
    </p>
  );
}

function Remove({ id }: { id: number }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const run = useMutation({
    mutationFn: () => removeRoute(id),
    onError: (error) => void message.error(sentence(error)),
    onSettled: () => void client.invalidateQueries({ queryKey: routesQuery.queryKey }),
  });
  return (
    <Popconfirm title="删除这条路由和它的下级？" okText="删除" onConfirm={() => run.mutate()}>
      <Button size="small" type="text" loading={run.isPending}>
        删除
      </Button>
    </Popconfirm>
  );
}

function Channel({ channel, all, manage }: { channel: ChannelView; all: readonly ChannelView[]; manage: boolean }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const run = useMutation({
    mutationFn: (fallbackId: number | null) => setFallback(channel.id, fallbackId),
    onError: (error) => void message.error(sentence(error)),
    onSettled: () => void client.invalidateQueries({ queryKey: channelsQuery.queryKey }),
  });
  return (
    <li className="line line-row">
      <span>
        <strong>{channel.name}</strong> <span className="quiet">{channel.kind}</span>{' '}
        {channel.downSince === null ? null : (
          <span className="fault">
            自 <Moment at={channel.downSince} both /> 发不出去
          </span>
        )}
      </span>
      <span>
        不通时改用{' '}
        <Select
          aria-label={`${channel.name}的备用渠道`}
          size="small"
          disabled={!manage || run.isPending}
          popupMatchSelectWidth={false}
          value={channel.fallbackId ?? 0}
          options={[
            { value: 0, label: '（无）' },
            ...all.filter(({ id }) => id !== channel.id).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(value) => run.mutate(value === 0 ? null : value)}
        />
      </span>
    </li>
  );
}
