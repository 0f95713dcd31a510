import type { TrainingRequest } from '@guanlan/contracts';
import { dateOf, type TrainingKind, trainingKinds } from '@guanlan/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Form, Input, InputNumber, Modal, Select } from 'antd';
import { sentence } from '../client.ts';
import { addTraining } from '../queries.ts';

type Fields = Omit<TrainingRequest, 'evidence'> & { evidence?: string };

const kinds = Object.entries(trainingKinds) as [TrainingKind, { title: string }][];

/** One training that was held, for the ledger. Nothing in it is changed afterwards. */
export function TrainingForm({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const today = dateOf(new Date());
  const add = useMutation({
    mutationFn: ({ evidence = '', ...fields }: Fields) => addTraining({ ...fields, evidence: evidence.trim() || null }),
    onSuccess: ({ heldOn, topic }) => {
      void message.success(`已登记：${heldOn}《${topic}》`);
      for (const key of ['trainings', 'progress']) void client.invalidateQueries({ queryKey: [key] });
      onClose();
    },
  });
  return (
    <Modal open title="登记培训" okText="登记" confirmLoading={add.isPending} onOk={() => form.submit()} onCancel={onClose} destroyOnHidden>
      <p className="quiet hint">只登记已经举办的培训；登记后不能修改，操作记入审计。</p>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ kind: 'business', heldOn: today }}
        onFinish={(fields) => add.mutate(fields)}
      >
        <Form.Item name="kind" label="类别">
          <Select options={kinds.map(([value, { title }]) => ({ value, label: title }))} />
        </Form.Item>
        <Form.Item name="heldOn" label="举办日期" rules={[{ required: true, message: '请选择日期' }]}>
          <Input type="date" max={today} />
        </Form.Item>
        <Form.Item name="topic" label="主题" rules={[{ required: true, whitespace: true, message: '请填写主题' }]}>
          <Input maxLength={200} placeholder="如：突发事件舆情应对" />
        </Form.Item>
        <Form.Item name="people" label="参训人数" rules={[{ required: true, message: '请填写人数' }]}>
          <InputNumber min={1} max={100_000} precision={0} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name="evidence" label="佐证材料（签到表、通知的文号或存放处；可不填，考核时需要）">
          <Input maxLength={500} />
        </Form.Item>
      </Form>
      {add.isError ? <Alert type="error" showIcon role="alert" title={sentence(add.error)} /> : null}
    </Modal>
  );
}
