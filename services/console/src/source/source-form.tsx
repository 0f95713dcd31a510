import type { SourceRequest } from '@guanlan/contracts';
import type { AuthorKind } from '@guanlan/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Checkbox, Form, Input, Modal, Select } from 'antd';
import { ApiError, sentence } from '../client.ts';
import { addSource, sourcesQuery } from '../queries.ts';

interface Fields {
  kind: string;
  url: string;
  name?: string;
  everySeconds: number;
  authorKind: AuthorKind;
  local: boolean;
  item?: string;
  link?: string;
}

const kinds = [
  { value: 'feed', label: '订阅源（RSS、Atom、JSON Feed）' },
  { value: 'list', label: '列表页（栏目页里的文章）' },
];

const rhythms = [
  { value: 60, label: '每 1 分钟' },
  { value: 300, label: '每 5 分钟' },
  { value: 900, label: '每 15 分钟' },
  { value: 3_600, label: '每 1 小时' },
  { value: 86_400, label: '每天' },
];

const authors: { value: AuthorKind; label: string }[] = [
  { value: 'unknown', label: '未知' },
  { value: 'media', label: '媒体' },
  { value: 'agency', label: '政务机构' },
  { value: 'organisation', label: '其他机构' },
  { value: 'individual', label: '个人' },
];

/** A new source: an address that is public, and how often to look. */
export function SourceForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const kind = Form.useWatch('kind', form);
  const add = useMutation({
    mutationFn: (fields: Fields) => addSource(requestOf(fields)),
    onSuccess: (source) => {
      void message.success(`已添加：${source.name}，马上开始第一次检查`);
      void client.invalidateQueries({ queryKey: sourcesQuery.queryKey });
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiError) form.setFields(error.fields.map((f) => ({ name: f.field as keyof Fields, errors: [f.message] })));
    },
  });
  return (
    <Modal
      open={open}
      title="添加信息源"
      okText="添加"
      confirmLoading={add.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={add.reset}
      destroyOnHidden
    >
      <p className="quiet hint">只采集公开内容，遵守 robots.txt；不登录，不采集私密群组。</p>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={{ kind: 'feed', everySeconds: 300, authorKind: 'unknown', local: false }}
        onFinish={(fields) => add.mutate(fields)}
      >
        <Form.Item
          name="url"
          label="网址"
          rules={[
            { required: true, message: '请填写网址' },
            { pattern: /^https?:\/\/\S+$/iu, message: '网址以 http:// 或 https:// 开头' },
          ]}
        >
          <Input placeholder="https://" inputMode="url" autoFocus maxLength={2_000} />
        </Form.Item>
        <Form.Item name="kind" label="种类">
          <Select options={kinds} />
        </Form.Item>
        {kind === 'list' ? (
          <div className="pair">
            <Form.Item name="item" label="条目选择器（可不填）" extra="不填时自动找出文章列表；如 ul.news li">
              <Input />
            </Form.Item>
            <Form.Item name="link" label="链接选择器（可不填）" extra="默认取条目里的第一个链接">
              <Input />
            </Form.Item>
          </div>
        ) : null}
        <Form.Item name="name" label="名称（可不填，默认取网站域名）">
          <Input maxLength={200} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="everySeconds" label="检查间隔">
            <Select options={rhythms} />
          </Form.Item>
          <Form.Item name="authorKind" label="发布者类型">
            <Select options={authors} />
          </Form.Item>
        </div>
        <Form.Item name="local" valuePropName="checked">
          <Checkbox>本地信息源（它的内容都算涉及本县）</Checkbox>
        </Form.Item>
      </Form>
      {add.isError ? <Alert type="error" showIcon role="alert" title={sentence(add.error)} /> : null}
    </Modal>
  );
}

function requestOf({ item, link, name, ...rest }: Fields): SourceRequest {
  const options = rest.kind === 'list' ? { ...(item ? { item } : {}), ...(link ? { link } : {}) } : {};
  return { ...rest, options, ...(name?.trim() ? { name } : {}) };
}
