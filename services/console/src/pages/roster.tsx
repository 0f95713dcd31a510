import type { RosterView } from '@guanlan/contracts';
import { clockText, dayRuleTitles, minuteOf, weekdayOf } from '@guanlan/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { channelsQuery, removeReceiver, removeShift, removeSwap, rosterQuery } from '../alerting.ts';
import { sentence } from '../client.ts';
import { DutyNav } from '../parts/duty-nav.tsx';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import { HandoverForm, ReceiverForm, ShiftForm, SwapForm } from '../roster/roster-forms.tsx';
import '../style/duty.css';

const weekdays = ['一', '二', '三', '四', '五', '六', '日'];
type Form = 'shift' | 'receiver' | 'swap' | 'handover';

/** Who is on duty now and in the next two weeks, who follows, and what was handed over. */
export function Component() {
  const { data, isPending, error, refetch } = useQuery(rosterQuery);
  const { act, manage } = useAllowed();
  const [form, setForm] = useState<Form | null>(null);
  const close = () => setForm(null);
  return (
    <div className="page">
      <DutyNav />
      <div className="page-head">
        <h1>值班表</h1>
        {data ? <Now roster={data} /> : null}
        <div className="page-tools">
          {act ? <Button onClick={() => setForm('handover')}>交班</Button> : null}
          {act ? <Button onClick={() => setForm('swap')}>换班</Button> : null}
          {manage ? <Button onClick={() => setForm('receiver')}>添加接收人</Button> : null}
          {manage ? (
            <Button type="primary" onClick={() => setForm('shift')}>
              添加班次
            </Button>
          ) : null}
        </div>
      </div>
      {isPending ? <Loading /> : null}
      {!data && error ? <Fault error={error} retry={() => void refetch()} /> : null}
      {data ? <Warnings roster={data} /> : null}
      {data ? <Calendar roster={data} /> : null}
      {data ? <Lists roster={data} act={act} manage={manage} /> : null}
      {data && form === 'shift' ? <ShiftForm roster={data} onClose={close} /> : null}
      {data && form === 'receiver' ? <ReceiverForm onClose={close} /> : null}
      {data && form === 'swap' ? <SwapForm roster={data} onClose={close} /> : null}
      {form === 'handover' ? <HandoverForm onClose={close} /> : null}
    </div>
  );
}

function nameOf({ receivers }: RosterView, id: number | null): string {
  return receivers.find((one) => one.id === id)?.name ?? '（已移除）';
}

function Now({ roster }: { roster: RosterView }) {
  const { now } = roster;
  if (now === null) return <p className="fault">{roster.patterns.length === 0 ? '还没有排班' : '现在无人值班'}</p>;
  const [first, ...others] = now.receiverIds;
  return (
    <p>
      现在值班：<strong>{nameOf(roster, first ?? null)}</strong>（{now.name}，到 {minuteOf(new Date(now.to)).slice(5)}）
      {others.length > 0 ? `，其次 ${others.map((id) => nameOf(roster, id)).join('、')}` : ''}
      {now.leaderId === null ? '' : `，带班 ${nameOf(roster, now.leaderId)}`}
    </p>
  );
}

function Warnings({ roster: { gaps, holidayNote, handoverMissing, receivers, now } }: { roster: RosterView }) {
  const shown = gaps.slice(0, 3).map(({ from, to }) => `${minuteOf(new Date(from)).slice(5)} 至 ${minuteOf(new Date(to)).slice(5)}`);
  const mute = receivers.filter(({ id, channelIds }) => channelIds.length === 0 && now?.receiverIds.includes(id));
  return (
    <>
      {gaps.length > 0 ? (
        <Alert type="warning" showIcon title={`今后两周有 ${gaps.length} 段无人值班：${shown.join('；')}${gaps.length > 3 ? '……' : ''}`} />
      ) : null}
      {mute.length > 0 ? (
        <Alert type="warning" showIcon title={`${mute.map(({ name }) => name).join('、')}没有通知渠道，值班时收不到提示`} />
      ) : null}
      {handoverMissing === null ? null : <Alert type="warning" showIcon title={`上一班（${handoverMissing}）还没有交班说明`} />}
      {holidayNote === null ? null : <Alert type="info" showIcon title={holidayNote} />}
    </>
  );
}

/** The next two weeks, a day a cell. */
function Calendar({ roster }: { roster: RosterView }) {
  if (roster.patterns.length === 0) {
    return (
      <Nothing title="还没有排班">
        <p className="quiet">先添加接收人（同事和他们的通知渠道），再添加班次；路由上选“通知值班员”。</p>
      </Nothing>
    );
  }
  return (
    <ol className="calendar" aria-label="今后两周">
      {roster.days.map(({ date, kind }) => {
        const own = roster.shifts.filter(({ from }) => minuteOf(new Date(from)).startsWith(date));
        return (
          <li key={date} className={`day day-${kind}`}>
            <p>
              {date.slice(5)} 周{weekdays[weekdayOf(new Date(`${date}T12:00:00+08:00`)) - 1]}
              {kind === 'rest' ? <span className="rest">休</span> : null}
            </p>
            {own.length === 0 ? <p className="fault">无班次</p> : null}
            {own.map((shift) => (
              <p key={`${shift.patternId}`} title={shift.name}>
                <span className="quiet">
                  {minuteOf(new Date(shift.from)).slice(11)}–{minuteOf(new Date(shift.to)).slice(11)}
                </span>{' '}
                {nameOf(roster, shift.receiverIds[0] ?? null)}
              </p>
            ))}
          </li>
        );
      })}
    </ol>
  );
}

function Lists({ roster, act, manage }: { roster: RosterView; act: boolean; manage: boolean }) {
  const channels = useQuery(channelsQuery).data?.rows ?? [];
  return (
    <div className="case-pair">
      <section className="block" aria-labelledby="patterns">
        <h2 id="patterns">每周安排</h2>
        <ul className="lines">
          {roster.patterns.map((pattern) => (
            <Row key={pattern.id} remove={manage ? () => removeShift(pattern.id) : null}>
              <strong>{pattern.name}</strong> 周{pattern.weekdays.map((day) => weekdays[day - 1]).join('')}，{dayRuleTitles[pattern.days]}，
              {clockText(pattern.fromMinute)}–{clockText(pattern.toMinute)}：
              {pattern.receiverIds.map((id) => nameOf(roster, id)).join(' → ')}
              {pattern.leaderId === null ? '' : `，带班 ${nameOf(roster, pattern.leaderId)}`}
            </Row>
          ))}
        </ul>
        <h2>接收人</h2>
        <ul className="lines">
          {roster.receivers.map((receiver) => (
            <Row key={receiver.id} remove={manage ? () => removeReceiver(receiver.id) : null}>
              <strong>{receiver.name}</strong> {receiver.leader ? <span className="term">领导</span> : null}
              <span className="quiet">
                {receiver.channelIds.length === 0
                  ? '没有通知渠道'
                  : receiver.channelIds.map((id) => channels.find((one) => one.id === id)?.name ?? `渠道 ${id}`).join(' → ')}
              </span>
            </Row>
          ))}
        </ul>
      </section>
      <section className="block" aria-labelledby="swaps">
        <h2 id="swaps">换班</h2>
        {roster.swaps.length === 0 ? <p className="quiet">没有换班。</p> : null}
        <ul className="lines">
          {roster.swaps.map((swap) => (
            <Row key={swap.id} remove={act ? () => removeSwap(swap.id) : null}>
              {minuteOf(new Date(swap.from)).slice(5)} 至 {minuteOf(new Date(swap.to)).slice(5)}：
              <strong>{nameOf(roster, swap.byId)}</strong> 替 {nameOf(roster, swap.receiverId)}
              <span className="quiet">（{swap.reason}）</span>
            </Row>
          ))}
        </ul>
        <h2>交班说明</h2>
        {roster.handovers.length === 0 ? <p className="quiet">还没有交班说明。</p> : null}
        <ul className="lines">
          {roster.handovers.map((one) => (
            <li key={one.id} className="line">
              <div className="line-head">
                <strong>{one.actor}</strong>
                <span className="quiet">
                  {one.shift}，交班时未办结 {one.openAlerts} 件
                </span>
                <span className="line-when">
                  <Moment at={one.at} both />
                </span>
              </div>
              <p className="timeline-note">{one.note}</p>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function Row({ remove, children }: { remove: (() => Promise<unknown>) | null; children: React.ReactNode }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const run = useMutation({
    mutationFn: () => remove?.() ?? Promise.resolve(),
    onError: (error) => void message.error(sentence(error)),
    onSettled: () => void client.invalidateQueries({ queryKey: rosterQuery.queryKey }),
  });
  return (
    <li className="line line-row">
      <span>{children}</span>
      {remove === null ? null : (
        <Popconfirm title="移除？" okText="移除" onConfirm={() => run.mutate()}>
          <Button size="small" type="text" loading={run.isPending}>
            移除
          </Button>
        </Popconfirm>
      )}
    </li>
  );
}
