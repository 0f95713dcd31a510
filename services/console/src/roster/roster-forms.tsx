import type { ReceiverRequest, RosterView } from '@guanlan/contracts';
import { clockText, type DayRule, dayRules, dayRuleTitles } from '@guanlan/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Checkbox, Form, Input, Modal, Select } from 'antd';
import type { ReactNode } from 'react';
import { addReceiver, addShift, addSwap, channelsQuery, handOver, rosterQuery } from '../alerting.ts';
import { sentence } from '../client.ts';
import { fieldOf, momentOf } from '../time.ts';

interface AskProps<Fields> {
  title: string;
  done: string;
  initial: Partial<Fields>;
  send: (fields: Fields) => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

/** One question about the roster, in a dialog. */
function Ask<Fields extends object>({ title, done, initial, send, onClose, children }: AskProps<Fields>) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const run = useMutation({
    mutationFn: send,
    onSuccess: () => {
      void message.success(done);
      void client.invalidateQueries({ queryKey: rosterQuery.queryKey });
      onClose();
    },
  });
  return (
    <Modal open title={title} okText="确定" confirmLoading={run.isPending} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        // biome-ignore lint/suspicious/noExplicitAny: antd wants every field of a generic form, and gets those there are
        initialValues={initial as any}
        onFinish={(fields) => run.mutate(fields)}
      >
        {children}
      </Form>
      {run.isError ? <Alert type="error" showIcon role="alert" title={sentence(run.error)} /> : null}
    </Modal>
  );
}

const required = (message: string) => [{ required: true, message }];
const choices = ({ receivers }: RosterView) => receivers.map(({ id, name }) => ({ value: id, label: name }));

export function ReceiverForm({ onClose }: { onClose: () => void }) {
  const channels = useQuery(channelsQuery).data?.rows ?? [];
  return (
    <Ask<ReceiverRequest>
      title="添加接收人"
      done="已添加"
      initial={{ leader: false, channelIds: [] }}
      send={(fields) => addReceiver(fields)}
      onClose={onClose}
    >
      <Form.Item name="name" label="姓名或岗位" rules={required('请填写姓名或岗位')}>
        <Input maxLength={60} autoFocus />
      </Form.Item>
      <Form.Item name="channelIds" label="通知渠道（先用第一个，不通时依次改用后面的）">
        <Select mode="multiple" options={channels.map(({ id, name }) => ({ value: id, label: name }))} />
      </Form.Item>
      <Form.Item name="leader" valuePropName="checked">
        <Checkbox>带班领导（超时升级时通知）</Checkbox>
      </Form.Item>
    </Ask>
  );
}

interface ShiftFields {
  name: string;
  weekdays: number[];
  days: DayRule;
  from: string;
  to: string;
  receiverIds: number[];
  leaderId?: number;
}

export function ShiftForm({ roster, onClose }: { roster: RosterView; onClose: () => void }) {
  const days = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'].map((label, n) => ({ value: n + 1, label }));
  return (
    <Ask<ShiftFields>
      title="添加班次"
      done="班次已添加"
      initial={{ weekdays: [1, 2, 3, 4, 5, 6, 7], days: 'any', from: clockText(480), to: clockText(1_200) }}
      send={({ from, to, leaderId, ...fields }) =>
        addShift({ ...fields, fromMinute: minuteOfField(from), toMinute: minuteOfField(to), leaderId: leaderId ?? null })
      }
      onClose={onClose}
    >
      <Form.Item name="name" label="名称" rules={required('请填写名称')}>
        <Input maxLength={60} placeholder="如：夜班" autoFocus />
      </Form.Item>
      <Form.Item name="weekdays" label="星期" rules={required('请选择星期')}>
        <Select mode="multiple" options={days} maxTagCount="responsive" />
      </Form.Item>
      <Form.Item name="days" label="日子（按国务院放假和调休安排）">
        <Select options={dayRules.map((value) => ({ value, label: dayRuleTitles[value] }))} />
      </Form.Item>
      <div className="pair">
        <Form.Item name="from" label="开始" rules={required('请填写时间')}>
          <Input type="time" />
        </Form.Item>
        <Form.Item name="to" label="结束（不晚于开始则到次日）" rules={required('请填写时间')}>
          <Input type="time" />
        </Form.Item>
      </div>
      <Form.Item name="receiverIds" label="值班员（第一位值班，其余依次接替）" rules={required('至少选一位值班员')}>
        <Select mode="multiple" options={choices(roster)} />
      </Form.Item>
      <Form.Item name="leaderId" label="带班领导（可不选）">
        <Select allowClear options={choices(roster)} />
      </Form.Item>
    </Ask>
  );
}

interface SwapFields {
  receiverId: number;
  byId: number;
  from: string;
  to: string;
  reason: string;
}

export function SwapForm({ roster, onClose }: { roster: RosterView; onClose: () => void }) {
  const now = new Date();
  return (
    <Ask<SwapFields>
      title="换班"
      done="换班已登记"
      initial={{ from: fieldOf(now), to: fieldOf(new Date(now.getTime() + 12 * 3_600_000)) }}
      send={({ from, to, ...fields }) => addSwap({ ...fields, from: momentOf(from), to: momentOf(to) })}
      onClose={onClose}
    >
      <div className="pair">
        <Form.Item name="receiverId" label="谁不能值班" rules={required('请选择')}>
          <Select options={choices(roster)} />
        </Form.Item>
        <Form.Item name="byId" label="谁来替" rules={required('请选择')}>
          <Select options={choices(roster)} />
        </Form.Item>
      </div>
      <div className="pair">
        <Form.Item name="from" label="从" rules={required('请选择时间')}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="to" label="到" rules={required('请选择时间')}>
          <Input type="datetime-local" />
        </Form.Item>
      </div>
      <Form.Item name="reason" label="理由" rules={required('请写明理由')}>
        <Input maxLength={200} />
      </Form.Item>
    </Ask>
  );
}

export function HandoverForm({ onClose }: { onClose: () => void }) {
  return (
    <Ask<{ note: string }> title="交班" done="交班说明已记录" initial={{ note: '' }} send={handOver} onClose={onClose}>
      <Form.Item name="note" label="需要下一班知道的事" rules={required('请写交班说明')}>
        <Input.TextArea rows={6} maxLength={4_000} showCount autoFocus placeholder="未办结的预警、已约定的回电、等待谁的答复……" />
      </Form.Item>
    </Ask>
  );
}

/** `08:30` as minutes after midnight. */
function minuteOfField(field: string): number {
  const [hours = 0, minutes = 0] = field.split(':').map(Number);
  return hours * 60 + minutes;
}
