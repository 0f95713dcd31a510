import { toldBy, volumeText } from '@guanlan/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Checkbox, Form, Input, Modal } from 'antd';
import { sentence } from '../client.ts';
import { lexiconQuery, publishDraft, volumeQuery } from './lexicon-queries.ts';

interface Props {
  /** The draft as it will be saved and published. */
  body: string;
  /** Saves the draft and gives the version that is to be published. */
  prepare: () => Promise<number>;
  onClose: () => void;
  onPublished: () => void;
}

interface Fields {
  note: string;
  accepted?: boolean;
}

/** Says what it would bring, asks what was changed and why, then puts the draft in force. */
export function PublishDialog({ body, prepare, onClose, onPublished }: Props) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const asked = useQuery(volumeQuery(body));
  const volume = asked.data?.volume ?? null;
  const excessive = volume !== null && toldBy(volume) > volume.bound;
  const publish = useMutation({
    mutationFn: async ({ note, accepted }: Fields) =>
      publishDraft({ version: await prepare(), note, ...(accepted && volume !== null ? { acceptVolume: toldBy(volume) } : {}) }),
    onSuccess: async (revision) => {
      await client.invalidateQueries({ queryKey: lexiconQuery.queryKey });
      void message.success(`已发布第 ${revision.id} 版`);
      onClose();
      onPublished();
    },
    onError: () => {
      // The figure may have grown since it was accepted.
      form.setFieldValue('accepted', false);
      void asked.refetch();
    },
  });
  return (
    <Modal
      open
      title="发布词库"
      okText="发布"
      okButtonProps={{ disabled: asked.isPending, danger: excessive }}
      confirmLoading={publish.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="quiet hint">
        发布前会再检查一遍并跑规则自己的例子，通不过就不发布。新信息几秒内按新版本评估；已存信息随后在后台重新评估，旧的评估保留。
        您已经办结的预警提示不会因此改变；两天以前的事不会因为换了规则而开预警提示。
      </p>
      {asked.isPending ? (
        <p className="quiet" role="status">
          正在估算会多出多少预警提示…
        </p>
      ) : null}
      {volume === null ? null : excessive ? (
        <Alert
          className="publish-volume"
          type="warning"
          showIcon
          role="alert"
          title="预警提示会多出很多"
          description={`${volumeText(volume)}。规则可能写得太宽，可先预览看例子。`}
        />
      ) : (
        <p>{volumeText(volume)}。</p>
      )}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => publish.mutate(fields)}>
        <Form.Item
          name="note"
          label="改了什么、为什么"
          rules={[{ required: true, whitespace: true, message: '请写一句说明，以后查版本时看得懂' }]}
        >
          <Input.TextArea rows={3} maxLength={500} showCount />
        </Form.Item>
        {excessive ? (
          <Form.Item
            name="accepted"
            valuePropName="checked"
            rules={[
              { validator: (_, ticked) => (ticked ? Promise.resolve() : Promise.reject(new Error('请先勾选确认，或取消后把规则写窄'))) },
            ]}
          >
            <Checkbox>我知道会多出至多 {toldBy(volume)} 件预警提示，仍要发布</Checkbox>
          </Form.Item>
        ) : null}
      </Form>
      {publish.error ? (
        <Alert type="error" showIcon role="alert" title={<span className="publish-fault">{sentence(publish.error)}</span>} />
      ) : null}
    </Modal>
  );
}
