import type { LoginRequest } from '@guanlan/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useEffect } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { sentence } from '../client.ts';
import { Gate } from '../parts/gate.tsx';
import { sessionQuery, signIn } from '../queries.ts';

/** Sign-in. */
export function Component() {
  const client = useQueryClient();
  const session = useQuery(sessionQuery);
  const [params] = useSearchParams();
  const enter = useMutation({ mutationFn: signIn, onSuccess: (answer) => client.setQueryData(sessionQuery.queryKey, answer) });
  useEffect(() => {
    document.title = '登录 · 观澜';
  }, []);

  if (session.data?.account) return <Navigate to={localPath(params.get('to'))} replace />;
  return (
    <Gate title="登录">
      {session.data?.setupNeeded ? (
        <Alert
          type="info"
          showIcon
          title="还没有账号"
          description="请打开启动观澜时终端里打印的一次性链接，设置第一个账号。链接已失效时，重新启动会得到新的链接。"
        />
      ) : null}
      {session.isError ? <Alert type="error" showIcon role="alert" title={sentence(session.error)} /> : null}
      <Form<LoginRequest> layout="vertical" requiredMark={false} onFinish={(values) => enter.mutate(values)}>
        <Form.Item name="name" label="账号名" rules={[{ required: true, message: '请填写账号名' }]}>
          <Input autoComplete="username" autoFocus size="large" />
        </Form.Item>
        <Form.Item name="password" label="密码" rules={[{ required: true, message: '请填写密码' }]}>
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        {enter.isError ? <Alert className="form-fault" type="error" showIcon role="alert" title={sentence(enter.error)} /> : null}
        <Button type="primary" htmlType="submit" size="large" block loading={enter.isPending}>
          登录
        </Button>
      </Form>
    </Gate>
  );
}

/** Only a path of this site: an address from outside must not be able to send people elsewhere after signing in. */
function localPath(to: string | null): string {
  return to !== null && /^\/(?![/\\])/u.test(to) ? to : '/alerts';
}
