import type { EventDetail, EventView } from '@guanlan/contracts';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Form, Input, Modal, Select } from 'antd';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useNavigate } from 'react-router';
import { sentence } from '../client.ts';
import { useNow } from '../parts/now.ts';
import { eventsQuery, mergeEvent, splitEvent } from '../queries.ts';
import { relative } from '../time.ts';
import type { Telling } from './event-words.ts';

interface Fields {
  into?: number;
  note?: string;
}

/** Asks once more what is to leave, and for a word about why. */
export function SplitForm({ event, tellings, onClose }: { event: EventDetail; tellings: readonly Telling[]; onClose: () => void }) {
  const items = tellings.reduce((sum, { copies }) => sum + 1 + copies.length, 0);
  return (
    <Question
      title={`拆出 ${items} 条信息`}
      okText="拆出"
      done={(made) => `已拆出，成为事件 ${made.id}`}
      act={({ note = '' }) => splitEvent(event.id, { itemIds: tellings.map(({ item }) => item.id), note })}
      onClose={onClose}
    >
      <p className="quiet hint">
        这些信息将成为一个新事件，单独评级和预警。以后内容相同或相近的信息，各跟各的事件走。
        {items > tellings.length ? '内容相同的信息一并拆出。' : null}
      </p>
      <ul className="picked">
        {tellings.slice(0, 5).map(({ item, copies }) => (
          <li key={item.id}>
            {item.title || item.snippet || '（空）'}
            {copies.length > 0 ? <span className="quiet">（含 {copies.length} 条相同内容）</span> : null}
          </li>
        ))}
        {tellings.length > 5 ? <li className="quiet">等 {tellings.length} 种内容</li> : null}
      </ul>
    </Question>
  );
}

interface MergeProps {
  event: Pick<EventDetail, 'id' | 'itemCount'>;
  /** Proposed; another may be chosen. */
  into?: Pick<EventView, 'id' | 'title' | 'itemCount' | 'lastSeenAt'>;
  onClose: () => void;
}

/** Asks for the other event, found by a part of its title or by its number. */
export function MergeForm({ event, into: proposed, onClose }: MergeProps) {
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed.trim());
  const found = useInfiniteQuery(eventsQuery(text === '' ? {} : { text }));
  const now = useNow();
  const listed = found.data?.pages.flatMap((page) => page.rows).filter((row) => row.id !== event.id && row.id !== proposed?.id) ?? [];
  const rows = proposed === undefined ? listed : [proposed, ...listed];
  return (
    <Question
      title={`把事件 ${event.id} 并入其他事件`}
      okText="并入"
      done={(merged) => `已并入事件 ${merged.id}`}
      act={({ into = 0, note = '' }) => mergeEvent(event.id, { into, note })}
      onClose={onClose}
    >
      <p className="quiet hint">
        本事件的 {event.itemCount}{' '}
        条信息全部转入所选事件，本事件清空。未办结的预警随之转入；对方也有未办结预警时，本事件的预警办结并注明由哪条继续。
      </p>
      <Form.Item name="into" label="并入哪个事件" initialValue={proposed?.id} rules={[{ required: true, message: '请选择事件' }]}>
        <Select
          showSearch={{ filterOption: false, onSearch: setTyped }}
          loading={found.isFetching}
          onPopupScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
            if (scrollTop + clientHeight >= scrollHeight - 40 && found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage();
          }}
          placeholder="输入标题中的字词或事件编号"
          notFoundContent={found.isPending ? '正在查找…' : '没有找到，换个词试试'}
          options={rows.map((row) => ({ value: row.id, label: labelOf(row, now) }))}
        />
      </Form.Item>
    </Question>
  );
}

function labelOf(row: NonNullable<MergeProps['into']>, now: Date): string {
  return `事件 ${row.id} · ${row.title || '（无标题）'}（${row.itemCount} 条，${relative(row.lastSeenAt, now)}）`;
}

interface QuestionProps {
  title: string;
  okText: string;
  done: (event: EventDetail) => string;
  act: (fields: Fields) => Promise<EventDetail>;
  onClose: () => void;
  children: ReactNode;
}

/** Whatever it comes to is shown: the event in which the items are afterwards. */
function Question({ title, okText, done, act, onClose, children }: QuestionProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const perform = useMutation({
    mutationFn: act,
    onSuccess: (event) => {
      client.setQueryData(['event', event.id], event);
      for (const key of ['events', 'event', 'item', 'items', 'alerts', 'alert']) void client.invalidateQueries({ queryKey: [key] });
      void message.success(done(event));
    },
  });
  const onSuccess = (event: EventDetail) => {
    onClose();
    void navigate(`/events/${event.id}`);
  };
  return (
    <Modal
      open
      title={title}
      okText={okText}
      confirmLoading={perform.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={(fields) => perform.mutate(fields, { onSuccess })}>
        {children}
        <Form.Item name="note" label="说明（可不填，记入经过）">
          <Input.TextArea rows={2} maxLength={2_000} />
        </Form.Item>
      </Form>
      {perform.error ? <Alert type="error" showIcon role="alert" title={sentence(perform.error)} /> : null}
    </Modal>
  );
}
