import type { ChannelKindView, ChannelRequest, ChannelView } from '@guanlan/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Checkbox, Form, Input, InputNumber, Modal, Select } from 'antd';
import { ApiError, sentence } from '../client.ts';
import { addChannel, changeChannel, channelsQuery } from '../queries.ts';

type Field = ChannelKindView['fields'][number];
type Fields = Omit<ChannelRequest, 'options' | 'kind'> & { kind?: string } & {
  options?: Record<string, string | number | boolean | null | undefined>;
};

/**
 * A channel, new or to be changed: its kind says what to ask, and where the key comes from. What is stored is not shown, so in a
 * change an empty field means that it stays as it is.
 */
export function ChannelForm({
  open,
  kinds,
  changed,
  onClose,
}: {
  open: boolean;
  kinds: readonly ChannelKindView[];
  changed?: ChannelView;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  // A browser subscribes by itself, with a button of its own.
  const offered = kinds.filter(({ kind }) => kind !== 'browser');
  const chosen = Form.useWatch('kind', form);
  const kind = kinds.find((one) => one.kind === (changed?.kind ?? chosen));
  const add = useMutation({
    mutationFn: (fields: Fields) => {
      const { kind: _, ...change } = requestOf(fields);
      return changed ? changeChannel(changed.id, change) : addChannel(requestOf(fields));
    },
    onSuccess: (channel) => {
      void message.success(`${changed ? '已修改' : '已添加'}：${channel.name}。请发一条测试消息确认能收到`);
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
      title={changed ? `修改“${changed.name}”` : '添加通知渠道'}
      okText={changed ? '保存' : '添加'}
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
        initialValues={{ allowPrivate: changed?.allowPrivate ?? false, name: changed?.name }}
        onFinish={(fields) => add.mutate(fields)}
        onValuesChange={(touched) => {
          // What was typed for one kind means nothing for another, and a key must not stay behind.
          if ('kind' in touched) form.resetFields(['options']);
        }}
      >
        {changed ? (
          <p className="quiet hint">已存的设置不显示；留空的项保持不变。</p>
        ) : (
          <Form.Item name="kind" label="类型" rules={[{ required: true, message: '请选择类型' }]} extra={kind?.guide}>
            <Select placeholder="选择类型" options={offered.map(({ kind: value, title }) => ({ value, label: title }))} />
          </Form.Item>
        )}
        <Form.Item name="name" label="名称" rules={[{ required: true, whitespace: true, message: '请填写名称，如“值班群”' }]}>
          <Input maxLength={100} placeholder="如 值班群" />
        </Form.Item>
        {kind?.fields.map((field) => (
          <Option key={`${kind.kind}-${field.name}`} field={changed ? unset(field) : field} />
        ))}
        <Form.Item name="allowPrivate" valuePropName="checked">
          <Checkbox>允许发往内网或本机地址（单位自建的服务器）</Checkbox>
        </Form.Item>
      </Form>
      {add.isError ? <Alert type="error" showIcon role="alert" title={sentence(add.error)} /> : null}
    </Modal>
  );
}

/** As a change asks for it: nothing is required, and nothing is given unless it is typed. */
function unset(field: Field): Field {
  return { ...field, required: false, default: null };
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
  if (type === 'choice') return <Select allowClear options={choices.map((value) => ({ value, label: value }))} />;
  if (type === 'number') return <InputNumber style={{ width: '100%' }} />;
  if (type === 'boolean') return <Checkbox>{title}</Checkbox>;
  if (type === 'lines') return <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} spellCheck={false} />;
  return secret ? <Input.Password autoComplete="new-password" spellCheck={false} /> : <Input autoComplete="off" spellCheck={false} />;
}

/** What was left empty is not sent: the kind's own default holds. */
function requestOf({ kind = '', options = {}, ...rest }: Fields): ChannelRequest {
  const given = Object.entries(options).filter(
    (pair): pair is [string, string | number | boolean] => pair[1] !== undefined && pair[1] !== null && pair[1] !== '',
  );
  return { kind, ...rest, options: Object.fromEntries(given) };
}
