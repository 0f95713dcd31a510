import type { SilenceRequest } from '@guanlan/contracts';
import { type CategoryId, categories } from '@guanlan/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Form, Input, Modal, Select } from 'antd';
import { addSilence, silencesQuery } from '../alerting.ts';
import { sentence } from '../client.ts';
import { fieldOf, momentOf } from '../time.ts';

interface Fields {
  categories: CategoryId[];
  places: string[];
  maxLevel: SilenceRequest['maxLevel'];
  endsAt: string;
  reason: string;
}

/** A new silence: what it covers, until when, and why. */
export function SilenceForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const add = useMutation({
    mutationFn: ({ endsAt, ...fields }: Fields) => addSilence({ ...fields, endsAt: momentOf(endsAt) }),
    onSuccess: () => {
      void message.success('静默已生效');
      void client.invalidateQueries({ queryKey: silencesQuery.queryKey });
      onClose();
    },
  });
  return (
    <Modal
      open={open}
      title="新建静默"
      okText="生效"
      confirmLoading={add.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={add.reset}
      destroyOnHidden
    >
      <p className="quiet hint">到期自动结束。只静默完全落在范围内的预警提示；还涉及其他类别或地点的照常通知。</p>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={{ categories: [], places: [], maxLevel: 'III', endsAt: fieldOf(new Date(Date.now() + 2 * 3_600_000)) }}
        onFinish={(fields) => add.mutate(fields)}
      >
        <Form.Item name="maxLevel" label="静默到哪一级（更高的照常通知）">
          <Select
            options={[
              { value: 'IV', label: '一般' },
              { value: 'III', label: '较大及以下' },
              { value: 'II', label: '重大及以下' },
            ]}
          />
        </Form.Item>
        <Form.Item name="categories" label="类别（不选为全部）">
          <Select mode="multiple" options={categories.map(({ id, title }) => ({ value: id, label: title }))} optionFilterProp="label" />
        </Form.Item>
        <Form.Item name="places" label="地点（不填为全部，回车分隔）">
          <Select mode="tags" open={false} suffixIcon={null} />
        </Form.Item>
        <Form.Item name="endsAt" label="到什么时候（最长 30 天）" rules={[{ required: true, message: '请选择结束时间' }]}>
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="reason" label="理由" rules={[{ required: true, whitespace: true, min: 2, message: '请写明理由' }]}>
          <Input maxLength={200} placeholder="如：食品安全集中检查期间" />
        </Form.Item>
      </Form>
      {add.isError ? <Alert type="error" showIcon role="alert" title={sentence(add.error)} /> : null}
    </Modal>
  );
}
