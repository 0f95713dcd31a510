import type { ChannelKindView, ChannelRequest } from '@guanlan/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Checkbox, Form, Input, InputNumber, Modal, Select } from 'antd';
import { ApiError, sentence } from '../client.ts';
import { addChannel, channelsQuery } from '../queries.ts';

type Field = ChannelKindView['fields'][number];
type Fields = Omit<ChannelRequest, 'options'> & { options?: Record<string, string | number | boolean | null | undefined> };

/** A new channel: its kind says what to ask, and where the key comes from. */
export function ChannelForm({ open, kinds, onClose }: { open: boolean; kinds: readonly ChannelKindView[]; onClose: () => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  // A browser subscribes by itself, with a button of its own.
  const offered = kinds.filter(({ kind }) => kind !== 'browser');
  const chosen = Form.useWatch('kind', form);
  const kind = offered.find((one) => one.kind === chosen);
  const add = useMutation({
    mutationFn: (fields: Fields) => addChannel(requestOf(fields)),
    onSuccess: (channel) => {
      void message.success(`已添加：${channel.name}。请发一条测试消息确认能收到`);
      void client.invalidateQueries({ queryKey: channelsQuery.queryKey });
      onClose();
    },
    onError: (error) => {
      const names = new Set(kind?.fields.map(({ name }) => name));
      if (error instanceof ApiError)
        form.setFields(
          error.fields.map(({ field, message: fault }) => ({ name: names.has(field) ? ['options', field] : ['name'], errors: [fault] })),
        );
    },
  });
  return (
    <Modal
      open={open}
      title="添加通知渠道"
      okText="添加"
      confirmLoading={add.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={add.reset}
      destroyOnHidden
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={{ allowPrivate: false }}
        onFinish={(fields) => add.mutate(fields)}
        onValuesChange={(changed) => {
          // What was typed for one kind means nothing for another, and a key must not stay behind.
          if ('kind' in changed) form.resetFields(['options']);
        }}
      >
        <Form.Item name="kind" label="类型" rules={[{ required: true, message: '请选择类型' }]} extra={kind?.guide}>
          <Select placeholder="选择类型" options={offered.map(({ kind: value, title }) => ({ value, label: title }))} />
        </Form.Item>
        <Form.Item name="name" label="名称" rules={[{ required: true, whitespace: true, message: '请填写名称，如“值班群”' }]}>
          <Input maxLength={100} placeholder="如 值班群" />
        </Form.Item>
        {kind?.fields.map((field) => (
          <Option key={`${kind.kind}-${field.name}`} field={field} />
        ))}
        <Form.Item name="allowPrivate" valuePropName="checked">
          <Checkbox>允许发往内网或本机地址（单位自建的服务器）</Checkbox>
        </Form.Item>
      </Form>
      {add.isError ? <Alert type="error" showIcon role="alert" title={sentence(add.error)} /> : null}
    </Modal>
  );
}

function Option({ field }: { field: Field }) {
  const { name, title, description, required, type } = field;
  const label = required || type === 'choice' || field.default !== null ? title : `${title}（可不填）`;
  return (
    <Form.Item
      name={['options', name]}
      label={type === 'boolean' ? null : label}
      extra={description}
      initialValue={field.default ?? undefined}
      valuePropName={type === 'boolean' ? 'checked' : 'value'}
      rules={[{ required, message: `请填写${title}` }]}
    >
      {control(field)}
    </Form.Item>
  );
}

function control({ type, title, choices, secret }: Field) {
  if (type === 'choice') return <Select options={choices.map((value) => ({ value, label: value }))} />;
  if (type === 'number') return <InputNumber style={{ width: '100%' }} />;
  if (type === 'boolean') return <Checkbox>{title}</Checkbox>;
  if (type === 'lines') return <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} spellCheck={false} />;
  return secret ? <Input.Password autoComplete="new-password" spellCheck={false} /> : <Input autoComplete="off" spellCheck={false} />;
}

/** What was left empty is not sent: the kind's own default holds. */
function requestOf({ options = {}, ...rest }: Fields): ChannelRequest {
  const given = Object.entries(options).filter(
    (pair): pair is [string, string | number | boolean] => pair[1] !== undefined && pair[1] !== null && pair[1] !== '',
  );
  return { ...rest, options: Object.fromEntries(given) };
}
