import type { AlertDetail } from '@guanlan/contracts';
import { type Answer, alertStateTitles, answers, categories, type Outcome, outcomes, outcomeTitles } from '@guanlan/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, AutoComplete, Button, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { answer } from '../alerting.ts';
import { sentence } from '../client.ts';
import { useAllowed } from '../parts/role.ts';
import { acknowledge, assign, close, patchAlert, verify } from '../queries.ts';

type Act = 'acknowledge' | 'verify' | 'assign' | 'answer' | 'close';

interface Fields {
  note?: string;
  department?: string;
  outcome?: Outcome;
  answer?: Answer;
}

const actTitles: Record<Act, string> = { acknowledge: '签收', verify: '核实', assign: '交办', answer: '回应', close: '办结' };

const leadsTo: Record<Act, AlertDetail['state']> = {
  acknowledge: 'acknowledged',
  verify: 'verified',
  assign: 'assigned',
  answer: 'answered',
  close: 'closed',
};

const hints: Record<Act, string> = {
  acknowledge: '表示您已看到并开始处理。',
  verify: '表示经人工核实，情况属实。核实后计入“已核实”。',
  assign: '把回应交给责任部门，本单位负责跟踪。',
  answer: '已经答复、移交或公开澄清，尚需跟踪。请写明何时、何处。',
  close: '选择结果并说明；结果为“误报”时，相关信息不再计数。',
};

const order: Act[] = ['acknowledge', 'verify', 'assign', 'answer', 'close'];

/** What can be done with the case now. The first possible step is the emphasised one. */
export function AlertActs({ alert }: { alert: AlertDetail }) {
  const [asking, setAsking] = useState<Act | null>(null);
  const allowed = useAllowed();
  const act = useAct(alert, (done) => setAsking((now) => (now === done ? null : now)));
  const possible = order.filter((one) => alert.next.includes(leadsTo[one]));
  // What somebody is writing stays open, even when a colleague has closed the case meanwhile.
  if (possible.length === 0 && asking === null) return null;
  if (!allowed.act) return <p className="quiet">当前账号只能查看，不能处理。</p>;
  return (
    <div className="acts" role="toolbar" aria-label="处理">
      {possible.map((one, index) => (
        <Button
          key={one}
          size="large"
          type={index === 0 ? 'primary' : 'default'}
          loading={one === 'acknowledge' && act.isPending && asking === null}
          aria-keyshortcuts={one === 'acknowledge' ? 'a' : undefined}
          onClick={() => (one === 'acknowledge' ? act.mutate({ act: one, fields: {} }) : setAsking(one))}
        >
          {actTitles[one]}
        </Button>
      ))}
      {asking === null ? null : (
        <Question
          act={asking}
          alert={alert}
          pending={act.isPending}
          error={act.error}
          onCancel={() => {
            act.reset();
            setAsking(null);
          }}
          onAnswer={(fields) => act.mutate({ act: asking, fields })}
        />
      )}
    </div>
  );
}

/** `onDone` is told which act: one without a dialog must not close a dialog that was opened meanwhile. */
function useAct(alert: AlertDetail, onDone: (act: Act) => void) {
  const client = useQueryClient();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: ({ act, fields }: { act: Act; fields: Fields }) => perform(alert.id, act, fields),
    onSuccess: (detail, { act }) => {
      client.setQueryData(['alert', detail.id], detail);
      patchAlert(client, detail);
      void message.success(alertStateTitles[leadsTo[act]]);
      onDone(act);
    },
    onError: (error, { act }) => {
      // Somebody else was quicker, most likely: show what the case is now.
      void client.invalidateQueries({ queryKey: ['alert', alert.id] });
      if (act === 'acknowledge') void message.error(sentence(error));
    },
  });
}

function perform(id: number, act: Act, { note = '', department = '', outcome, answer: how = 'answered' }: Fields): Promise<AlertDetail> {
  switch (act) {
    case 'acknowledge':
      return acknowledge(id, { note });
    case 'verify':
      return verify(id, { note });
    case 'assign':
      return assign(id, { department, note });
    case 'answer':
      return answer(id, { answer: how, note });
    case 'close':
      if (outcome === undefined) throw new Error('没有选择结果');
      return close(id, { outcome, note });
  }
}

interface QuestionProps {
  act: Act;
  alert: AlertDetail;
  pending: boolean;
  error: unknown;
  onCancel: () => void;
  onAnswer: (fields: Fields) => void;
}

function Question({ act, alert, pending, error, onCancel, onAnswer }: QuestionProps) {
  const [form] = Form.useForm<Fields>();
  return (
    <Modal
      open
      title={`${actTitles[act]}：${alert.title}`}
      okText={actTitles[act]}
      confirmLoading={pending}
      onOk={() => form.submit()}
      onCancel={onCancel}
      destroyOnHidden
    >
      <p className="quiet hint">{hints[act]}</p>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          department: alert.department ?? alert.departments[0] ?? '',
          answer: 'answered',
          outcome: alert.answer ?? undefined,
        }}
        onFinish={onAnswer}
      >
        {act === 'assign' ? (
          <Form.Item name="department" label="责任部门" rules={[{ required: true, whitespace: true, message: '请填写责任部门' }]}>
            <AutoComplete maxLength={100} options={departmentChoices(alert)} />
          </Form.Item>
        ) : null}
        {act === 'answer' ? (
          <Form.Item name="answer" label="怎样回应的">
            <Radio.Group className="outcomes" options={answers.map((value) => ({ value, label: outcomeTitles[value] }))} />
          </Form.Item>
        ) : null}
        {act === 'close' ? (
          <Form.Item name="outcome" label="结果" rules={[{ required: true, message: '请选择结果' }]}>
            <Radio.Group className="outcomes" options={outcomes.map((value) => ({ value, label: outcomeTitles[value] }))} />
          </Form.Item>
        ) : null}
        <Form.Item name="note" label="说明（可不填）">
          <Input.TextArea rows={3} maxLength={2_000} showCount />
        </Form.Item>
      </Form>
      {error ? <Alert type="error" showIcon role="alert" title={sentence(error)} /> : null}
    </Modal>
  );
}

/** Those that answer for the case's categories first, then the others there are. */
function departmentChoices({ departments }: AlertDetail) {
  const others = [...new Set(categories.map(({ department }) => department))].filter((name) => !departments.includes(name));
  return [
    { label: '按类别建议', options: departments.map((value) => ({ value })) },
    { label: '其他部门', options: others.map((value) => ({ value })) },
  ];
}
