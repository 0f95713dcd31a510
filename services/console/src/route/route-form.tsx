import type { ChannelView, RouteRequest, RouteView } from '@guanlan/contracts';
import {
  type CategoryId,
  categories,
  clockText,
  type DayRule,
  dayRules,
  dayRuleTitles,
  type SourceGroup,
  sourceGroupTitles,
} from '@guanlan/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Checkbox, Form, Input, InputNumber, Modal, Select } from 'antd';
import { addRoute, changeRoute, rosterQuery, routesQuery } from '../alerting.ts';
import { sentence } from '../client.ts';

/** A route as it is, or the place of a new one. */
export type Draft = RouteView | { id: null; parentId: number | null; position: number };

interface Fields {
  name: string;
  position: number;
  minLevel: NonNullable<RouteRequest['minLevel']>;
  categories: CategoryId[];
  places: string[];
  groups: SourceGroup[];
  days: DayRule;
  from?: string;
  to?: string;
  channelIds: number[];
  receiverIds: number[];
  onDuty: boolean;
  quietFrom?: string;
  quietTo?: string;
  floor: 'I' | 'II' | 'III';
  digestLevel: 'none' | 'II' | 'III' | 'IV';
  digestAt: string[];
}

const levels = [
  { value: 'IV', label: '一般及以上（全部）' },
  { value: 'III', label: '较大及以上' },
  { value: 'II', label: '重大及以上' },
  { value: 'I', label: '特别重大' },
];

interface RouteFormProps {
  draft: Draft;
  rows: readonly RouteView[];
  channels: readonly ChannelView[];
  onClose: () => void;
}

/** What a route takes, whom it tells, and when it lets them sleep. */
export function RouteForm({ draft, rows, channels, onClose }: RouteFormProps) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const receivers = useQuery(rosterQuery).data?.receivers ?? [];
  const [form] = Form.useForm<Fields>();
  const save = useMutation({
    mutationFn: (fields: Fields) => {
      const request = requestOf(fields, draft.parentId ?? null);
      return draft.id === null ? addRoute(request) : changeRoute(draft.id, request);
    },
    onSuccess: () => {
      void message.success('路由已保存');
      void client.invalidateQueries({ queryKey: routesQuery.queryKey });
      onClose();
    },
  });
  const parent = rows.find(({ id }) => id === draft.parentId);
  return (
    <Modal
      open
      title={draft.id === null ? (parent ? `在“${parent.name}”下添加路由` : '添加路由') : `修改路由：${draft.name}`}
      okText="保存"
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={initialOf(draft)}
        onFinish={(fields) => save.mutate(fields)}
      >
        <div className="pair">
          <Form.Item name="name" label="名称" rules={[{ required: true, message: '请填写名称' }]}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="position" label="顺序（小的在前）" rules={[{ required: true, message: '请填写顺序' }]}>
            <InputNumber min={1} max={100_000} />
          </Form.Item>
        </div>
        <h3>接收哪些</h3>
        <div className="pair">
          <Form.Item name="minLevel" label="级别">
            <Select options={levels} />
          </Form.Item>
          <Form.Item name="days" label="日子">
            <Select options={dayRules.map((value) => ({ value, label: dayRuleTitles[value] }))} />
          </Form.Item>
        </div>
        <Form.Item name="categories" label="类别（不选为全部）">
          <Select mode="multiple" options={categories.map(({ id, title }) => ({ value: id, label: title }))} optionFilterProp="label" />
        </Form.Item>
        <Form.Item name="places" label="地点（不填为全部，回车分隔）">
          <Select mode="tags" open={false} suffixIcon={null} />
        </Form.Item>
        <Form.Item name="groups" label="来源类型（不选为全部）">
          <Select mode="multiple" options={Object.entries(sourceGroupTitles).map(([value, label]) => ({ value, label }))} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="from" label="时段从（不填为全天）">
            <Input type="time" />
          </Form.Item>
          <Form.Item name="to" label="到">
            <Input type="time" />
          </Form.Item>
        </div>
        <h3>通知谁</h3>
        <Form.Item name="channelIds" label="渠道（群机器人等）">
          <Select mode="multiple" options={channels.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
        <Form.Item name="receiverIds" label="接收人">
          <Select mode="multiple" options={receivers.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
        <Form.Item name="onDuty" valuePropName="checked">
          <Checkbox>通知当时的值班员</Checkbox>
        </Form.Item>
        <h3>何时不打扰</h3>
        <div className="pair">
          <Form.Item name="quietFrom" label="静默时段从（不填则同上级）">
            <Input type="time" />
          </Form.Item>
          <Form.Item name="quietTo" label="到">
            <Input type="time" />
          </Form.Item>
        </div>
        <Form.Item name="floor" label="静默时段内照常通知的级别（特别重大总是通知）">
          <Select options={levels.slice(1)} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="digestLevel" label="定时汇总">
            <Select
              options={[
                { value: 'none', label: '不汇总' },
                { value: 'IV', label: '一般' },
                { value: 'III', label: '较大及以下' },
                { value: 'II', label: '重大及以下' },
              ]}
            />
          </Form.Item>
          <Form.Item name="digestAt" label="汇总时间（如 09:00，回车分隔）">
            <Select mode="tags" open={false} suffixIcon={null} />
          </Form.Item>
        </div>
      </Form>
      {save.isError ? <Alert type="error" showIcon role="alert" title={sentence(save.error)} /> : null}
    </Modal>
  );
}

function initialOf(draft: Draft): Partial<Fields> {
  const row: Partial<RouteView> = draft.id === null ? {} : draft;
  const clock = (minute: number | null | undefined) => (typeof minute === 'number' ? { at: clockText(minute) } : undefined);
  const [from, to] = [clock(row.fromMinute), clock(row.toMinute)];
  return {
    name: row.name ?? '',
    position: draft.position,
    minLevel: row.minLevel === undefined || row.minLevel === 'none' ? 'IV' : row.minLevel,
    categories: row.categories ?? [],
    places: row.places ?? [],
    groups: row.groups ?? [],
    days: row.days ?? 'any',
    channelIds: row.channelIds ?? [],
    receiverIds: row.receiverIds ?? [],
    onDuty: row.onDuty ?? false,
    floor: row.quiet?.floor ?? 'II',
    digestLevel: row.digest?.maxLevel ?? 'none',
    digestAt: row.digest?.atMinutes.map(clockText) ?? ['09:00', '17:00'],
    ...(from && to ? { from: from.at, to: to.at } : {}),
    ...(row.quiet ? { quietFrom: clockText(row.quiet.fromMinute), quietTo: clockText(row.quiet.toMinute) } : {}),
  };
}

function requestOf({ from, to, quietFrom, quietTo, floor, digestLevel, digestAt, ...rest }: Fields, parentId: number | null): RouteRequest {
  return {
    ...rest,
    parentId,
    fromMinute: minuteOfField(from),
    toMinute: minuteOfField(to),
    quiet: quietFrom && quietTo ? { fromMinute: minuteOfField(quietFrom) ?? 0, toMinute: minuteOfField(quietTo) ?? 0, floor } : null,
    digest: digestLevel === 'none' ? null : { maxLevel: digestLevel, atMinutes: digestAt.flatMap((at) => minuteOfField(at) ?? []) },
  };
}

/** `08:30` as minutes after midnight; null where nothing (readable) is written. */
function minuteOfField(field: string | undefined): number | null {
  const match = /^(\d{1,2}):(\d{2})$/u.exec(field ?? '');
  const minute = match ? Number(match[1]) * 60 + Number(match[2]) : -1;
  return minute >= 0 && minute < 1_440 ? minute : null;
}
