import type { AlertDetail, DeadlineView } from '@guanlan/contracts';
import { type RecordedDeadline, recordedDeadlines } from '@guanlan/domain';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { pause, resume, settle } from '../alerting.ts';
import { Moment } from '../parts/moment.tsx';
import { useNow } from '../parts/now.ts';
import { useAllowed } from '../parts/role.ts';
import { fieldOf, momentOf } from '../time.ts';
import { useCaseAct } from './case-act.ts';
import { Countdown } from './countdown.tsx';
import { clockState } from './urgency.ts';

const stateTitles: Record<DeadlineView['state'], string> = {
  running: '计时中',
  warning: '临近',
  overdue: '已超时',
  paused: '已暂停',
  met: '按时完成',
  late: '超时完成',
  waived: '不适用',
};

type Asking = { act: 'pause' } | { act: 'met' | 'waived'; clock: DeadlineView };

/** The clocks of the case: what each asks for, by when, where that comes from, and what became of it. */
export function AlertDeadlines({ alert }: { alert: AlertDetail }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const { act } = useAllowed();
  const now = useNow();
  const run = useCaseAct(alert);
  const open = alert.state !== 'closed';
  const paused = alert.pausedUntil !== null && new Date(alert.pausedUntil) > now;
  if (alert.deadlines.length === 0) return null;
  return (
    <section className="block" aria-labelledby="case-deadlines">
      <div className="block-head">
        <h2 id="case-deadlines">时限</h2>
        {paused ? (
          <span className="quiet">
            暂停至 <Moment at={alert.pausedUntil} both />
          </span>
        ) : null}
        {act && open && paused ? (
          <Button size="small" loading={run.isPending} onClick={() => run.mutate({ run: () => resume(alert.id) })}>
            恢复计时
          </Button>
        ) : null}
        {act && open && !paused && alert.state !== 'firing' ? (
          <Button size="small" onClick={() => setAsking({ act: 'pause' })}>
            暂停计时
          </Button>
        ) : null}
      </div>
      <ul className="deadlines">
        {alert.deadlines.map((clock) => (
          <Clock key={clock.kind} clock={clock} open={open} paused={paused} act={act} onAsk={setAsking} />
        ))}
      </ul>
      {asking === null ? null : (
        <Question
          asking={asking}
          pending={run.isPending}
          onCancel={() => setAsking(null)}
          onAnswer={({ note, until }) =>
            run.mutate({
              run: () =>
                asking.act === 'pause'
                  ? pause(alert.id, { note, until: momentOf(until ?? '') })
                  : settle(alert.id, { deadline: asking.clock.kind as RecordedDeadline, waive: asking.act === 'waived', note }),
              done: () => setAsking(null),
            })
          }
        />
      )}
    </section>
  );
}

interface ClockProps {
  clock: DeadlineView;
  open: boolean;
  paused: boolean;
  act: boolean;
  onAsk: (asking: Asking) => void;
}

function Clock({ clock, open, paused, act, onAsk }: ClockProps) {
  const now = useNow();
  const state = clockState(clock, now);
  const running = open && clock.endedAt === null;
  const recorded: readonly string[] = recordedDeadlines;
  return (
    <li className={`deadline deadline-${state}`}>
      <div>
        <strong>{clock.title}</strong>{' '}
        {running && !paused ? <Countdown clock={clock} /> : <span className={`clock clock-${state}`}>{stateTitles[state]}</span>}
        <p className="quiet">
          {clock.endedAt === null ? '截止 ' : state === 'waived' ? '结束 ' : '完成 '}
          <Moment at={clock.endedAt ?? clock.dueAt} both /> · {clock.basis}
        </p>
      </div>
      {act && running && recorded.includes(clock.kind) ? (
        <span className="deadline-acts">
          <Button size="small" onClick={() => onAsk({ act: 'met', clock })}>
            已完成
          </Button>
          <Button size="small" type="text" onClick={() => onAsk({ act: 'waived', clock })}>
            不适用
          </Button>
        </span>
      ) : null}
    </li>
  );
}

interface Fields {
  note: string;
  /** As the field has it: `2026-11-25T14:30`, Shanghai. */
  until?: string;
}

function Question({
  asking,
  pending,
  onCancel,
  onAnswer,
}: {
  asking: Asking;
  pending: boolean;
  onCancel: () => void;
  onAnswer: (fields: Fields) => void;
}) {
  const [form] = Form.useForm<Fields>();
  const title = asking.act === 'pause' ? '暂停计时' : `${asking.clock.title}：${asking.act === 'met' ? '已完成' : '不适用'}`;
  const required = asking.act !== 'met';
  return (
    <Modal open title={title} okText="确定" confirmLoading={pending} onOk={() => form.submit()} onCancel={onCancel} destroyOnHidden>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ note: '', until: fieldOf(new Date(Date.now() + 2 * 3_600_000)) }}
        onFinish={onAnswer}
      >
        {asking.act === 'pause' ? (
          <Form.Item name="until" label="到什么时候自动恢复（一周之内）" rules={[{ required: true, message: '请选择时间' }]}>
            <Input type="datetime-local" />
          </Form.Item>
        ) : null}
        <Form.Item
          name="note"
          label={required ? '理由' : '何时、何处完成（可不填）'}
          rules={required ? [{ required: true, whitespace: true, min: 2, message: '请写明理由' }] : []}
        >
          <Input.TextArea rows={3} maxLength={2_000} showCount />
        </Form.Item>
      </Form>
    </Modal>
  );
}
