import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useEffect } from 'react';
import { Link, Navigate, useSearchParams } from 'react-router';
import { sentence } from '../client.ts';
import { Gate } from '../parts/gate.tsx';
import { sessionQuery, setUp } from '../queries.ts';

interface Fields {
  name: string;
  password: string;
  again: string;
}

const leastLength = 12;

/** One-time setup: the first account, by the link that the start printed (`/setup?token=…`). */
export function Component() {
  const client = useQueryClient();
  const session = useQuery(sessionQuery);
  const [params] = useSearchParams();
  const token = params.get('token') ?? '';
  const create = useMutation({
    mutationFn: ({ name, password }: Fields) => setUp({ token, name, password }),
    onSuccess: (answer) => client.setQueryData(sessionQuery.queryKey, answer),
  });
  useEffect(() => {
    document.title = '设置第一个账号 · 观澜';
  }, []);

  if (session.data?.account) return <Navigate to="/alerts" replace />;
  if (session.data && !session.data.setupNeeded) {
    return (
      <Gate title="已经设置过了">
        <p>这个链接只在没有账号时有效。</p>
        <Link to="/sign-in">去登录</Link>
      </Gate>
    );
  }
  return (
    <Gate title="设置第一个账号">
      <p className="quiet">这个账号是管理员。链接只能使用一次。</p>
      {token === '' ? (
        <Alert type="warning" showIcon title="链接不完整" description="请完整复制启动时打印的链接，包括 token= 后面的部分。" />
      ) : null}
      {session.isError ? <Alert type="error" showIcon role="alert" title={sentence(session.error)} /> : null}
      <Form<Fields> layout="vertical" requiredMark={false} onFinish={(values) => create.mutate(values)}>
        <Form.Item
          name="name"
          label="账号名"
          rules={[
            { required: true, whitespace: true, message: '请填写账号名' },
            { min: 2, max: 64, message: '2 到 64 个字' },
          ]}
        >
          <Input autoComplete="username" autoFocus size="large" />
        </Form.Item>
        <Form.Item
          name="password"
          label="密码"
          extra={`至少 ${leastLength} 个字符，不要与账号名相同。一句容易记的话就很好。`}
          dependencies={['name']}
          rules={[
            { required: true, message: '请填写密码' },
            { min: leastLength, max: 256, message: `至少 ${leastLength} 个字符` },
            ({ getFieldValue }) => ({
              validator: async (_, value) => {
                if (value && value === getFieldValue('name')) throw new Error('密码不能与账号名相同');
              },
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" size="large" />
        </Form.Item>
        <Form.Item
          name="again"
          label="再输一次密码"
          dependencies={['password']}
          rules={[
            { required: true, message: '请再输一次密码' },
            ({ getFieldValue }) => ({
              validator: async (_, value) => {
                if (value && value !== getFieldValue('password')) throw new Error('两次输入的密码不一样');
              },
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" size="large" />
        </Form.Item>
        {create.isError ? <Alert className="form-fault" type="error" showIcon role="alert" title={sentence(create.error)} /> : null}
        <Button type="primary" htmlType="submit" size="large" block loading={create.isPending} disabled={token === ''}>
          创建账号并登录
        </Button>
      </Form>
    </Gate>
  );
}
