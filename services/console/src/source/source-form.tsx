import type { SourceDetail } from '@guanlan/contracts';
import type { AuthorKind } from '@guanlan/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Form, Input, Modal, Select } from 'antd';
import { ApiError, sentence } from '../client.ts';
import { addSource, changeSource, sourceKindsQuery, sourcesQuery, tryAddress, trySource } from '../queries.ts';
import { OptionFields, optionsOf } from './option-fields.tsx';
import { Trial } from './source-trial.tsx';
import { isFree } from './words.ts';

interface Fields {
  kind: string;
  url: string;
  name?: string;
  /** Seconds; `free` adapts by itself. */
  every: number | 'free';
  authorKind: AuthorKind;
  local: boolean;
  allowPrivate: boolean;
  options?: Record<string, unknown>;
}

const rhythms: { value: Fields['every']; label: string }[] = [
  { value: 'free', label: '自动（按更新快慢，2 分钟到 3 小时）' },
  { value: 60, label: '最慢每 1 分钟' },
  { value: 300, label: '最慢每 5 分钟' },
  { value: 900, label: '最慢每 15 分钟' },
  { value: 1_800, label: '最慢每 30 分钟' },
  { value: 3_600, label: '最慢每 1 小时' },
  { value: 7_200, label: '最慢每 2 小时' },
  { value: 86_400, label: '最慢每天' },
];

const authors: { value: AuthorKind; label: string }[] = [
  { value: 'unknown', label: '未知' },
  { value: 'media', label: '媒体' },
  { value: 'agency', label: '政务机构' },
  { value: 'organisation', label: '其他机构' },
  { value: 'individual', label: '个人' },
];

/** A new source, or a change of one: try it before it is stored. */
export function SourceForm({ open, source, onClose }: { open: boolean; source: SourceDetail | null; onClose: () => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const kind = Form.useWatch('kind', form) ?? source?.kind ?? 'feed';
  const kinds = useQuery(sourceKindsQuery).data?.rows ?? [];
  const chosen = kinds.find((each) => each.kind === kind);
  const trial = useMutation({
    mutationFn: (fields: Fields) => {
      const { url, allowPrivate } = fields;
      const options = optionsOf(fields.options);
      return source === null ? tryAddress({ kind, url, allowPrivate, options }) : trySource(source.id, { url, allowPrivate, options });
    },
  });
  const save = useMutation({
    mutationFn: (fields: Fields) =>
      source === null ? addSource({ kind, ...requestOf(fields) }) : changeSource(source.id, requestOf(fields)),
    onSuccess: (saved) => {
      void message.success(source === null ? `已添加：${saved.name}，马上开始第一次检查` : `已保存：${saved.name}`);
      void client.invalidateQueries({ queryKey: sourcesQuery.queryKey });
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiError)
        form.setFields(error.fields.map(({ field, message: wrong }) => ({ name: placeOf(field), errors: [wrong] })));
    },
  });
  const tryIt = async () => {
    const fields = await form.validateFields().catch(() => null);
    if (fields !== null) trial.mutate(fields);
  };
  return (
    <Modal
      open={open}
      title={source === null ? '添加信息源' : `编辑：${source.name}`}
      width={640}
      // While it is being saved the dialog cannot be left: an answer that comes late would close the next one.
      confirmLoading={save.isPending}
      onCancel={onClose}
      afterClose={() => {
        save.reset();
        trial.reset();
      }}
      destroyOnHidden
      footer={[
        <Button key="try" loading={trial.isPending} onClick={() => void tryIt()}>
          试抓
        </Button>,
        <Button key="cancel" disabled={save.isPending} onClick={onClose}>
          取消
        </Button>,
        <Button key="save" type="primary" loading={save.isPending} onClick={() => form.submit()}>
          {source === null ? '添加' : '保存'}
        </Button>,
      ]}
    >
      <p className="quiet hint">
        只采集公开内容，遵守 robots.txt；不登录，不采集私密群组。先试抓，看清会存入什么再{source === null ? '添加' : '保存'}。
      </p>
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={initialOf(source)}
        onFinish={(fields) => save.mutate(fields)}
      >
        {source === null ? (
          <Form.Item name="kind" label="种类">
            <Select options={kinds.map((each) => ({ value: each.kind, label: each.title }))} />
          </Form.Item>
        ) : null}
        <Form.Item
          name="url"
          label={chosen?.urlTitle ?? '网址'}
          rules={[
            { required: true, message: '请填写网址' },
            {
              pattern: kind === 'rsshub' ? /^(?:https?|rsshub):\/\/\S+$/iu : /^https?:\/\/\S+$/iu,
              message: '网址以 http:// 或 https:// 开头',
            },
          ]}
        >
          <Input placeholder="https://" inputMode="url" autoFocus maxLength={2_000} />
        </Form.Item>
        <OptionFields form={chosen} secrets={source?.secrets ?? []} />
        <Form.Item name="name" label={source === null ? '名称（可不填，默认取网站域名）' : '名称'}>
          <Input maxLength={200} />
        </Form.Item>
        <div className="pair">
          <Form.Item name="every" label="检查间隔">
            <Select options={withOwn(source)} />
          </Form.Item>
          <Form.Item name="authorKind" label="发布者类型">
            <Select options={authors} />
          </Form.Item>
        </div>
        <Form.Item name="local" valuePropName="checked" noStyle>
          <Checkbox>本地信息源（它的内容都算涉及本县）</Checkbox>
        </Form.Item>
        <Form.Item name="allowPrivate" valuePropName="checked">
          <Checkbox>网址在内网，准许访问</Checkbox>
        </Form.Item>
      </Form>
      {save.isError ? <Alert type="error" showIcon role="alert" title={sentence(save.error)} /> : null}
      <Trial trial={trial} />
    </Modal>
  );
}

function initialOf(source: SourceDetail | null): Partial<Fields> {
  if (source === null) return { kind: 'feed', every: 'free', authorKind: 'unknown', local: false, allowPrivate: false };
  const { kind, url, name, authorKind, local, allowPrivate, options } = source;
  return { kind, url, name, authorKind, local, allowPrivate, options, every: isFree(source) ? 'free' : source.everySeconds };
}

/** An interval of its own that is none of the usual ones stays choosable. */
function withOwn(source: SourceDetail | null): typeof rhythms {
  if (source === null || isFree(source) || rhythms.some(({ value }) => value === source.everySeconds)) return rhythms;
  return [...rhythms, { value: source.everySeconds, label: `最慢每 ${source.everySeconds} 秒` }];
}

function requestOf({ kind: _, every, name, options, ...fields }: Fields) {
  const everySeconds = every === 'free' ? null : every;
  return { ...fields, everySeconds, options: optionsOf(options), ...(name?.trim() ? { name } : {}) };
}

/** The API names options by themselves; here they stand under `options`. */
function placeOf(field: string): (string | number)[] {
  return (['url', 'name', 'authorKind', 'local', 'allowPrivate'] as string[]).includes(field) ? [field] : ['options', field];
}
