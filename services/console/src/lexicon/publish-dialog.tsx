import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Form, Input, Modal } from 'antd';
import { sentence } from '../client.ts';
import { lexiconQuery, publishDraft } from './lexicon-queries.ts';

interface Props {
  /** Saves the draft and gives the version that is to be published. */
  prepare: () => Promise<number>;
  onClose: () => void;
  onPublished: () => void;
}

/** Asks what was changed and why, then puts the draft in force. */
export function PublishDialog({ prepare, onClose, onPublished }: Props) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ note: string }>();
  const publish = useMutation({
    mutationFn: async ({ note }: { note: string }) => publishDraft({ version: await prepare(), note }),
    onSuccess: async (revision) => {
      await client.invalidateQueries({ queryKey: lexiconQuery.queryKey });
      void message.success(`已发布第 ${revision.id} 版`);
      onClose();
      onPublished();
    },
  });
  return (
    <Modal
      open
      title="发布词库"
      okText="发布"
      confirmLoading={publish.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="quiet hint">
        发布前会再检查一遍并跑规则自己的例子，通不过就不发布。新信息几秒内按新版本评估；已存信息随后在后台重新评估，旧的评估保留。
        您已经办结的预警提示不会因此改变。
      </p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => publish.mutate(fields)}>
        <Form.Item
          name="note"
          label="改了什么、为什么"
          rules={[{ required: true, whitespace: true, message: '请写一句说明，以后查版本时看得懂' }]}
        >
          <Input.TextArea rows={3} maxLength={500} showCount />
        </Form.Item>
      </Form>
      {publish.error ? (
        <Alert type="error" showIcon role="alert" title={<span className="publish-fault">{sentence(publish.error)}</span>} />
      ) : null}
    </Modal>
  );
}
