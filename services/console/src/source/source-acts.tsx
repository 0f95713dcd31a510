import type { SourceView } from '@guanlan/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { sentence } from '../client.ts';
import { useAllowed } from '../parts/role.ts';
import { checkSource, pauseSource, resumeSource, sourcesQuery } from '../queries.ts';

/** Look now, pause, resume. */
export function SourceActs({ source }: { source: SourceView }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const { act, manage } = useAllowed();
  const change = useMutation({
    mutationFn: ({ run }: { run: (id: number) => Promise<unknown>; done: string }) => run(source.id),
    onSuccess: (_, { done }) => void message.success(`${done}：${source.name}`),
    onError: (error) => void message.error(sentence(error)),
    onSettled: () => void client.invalidateQueries({ queryKey: sourcesQuery.queryKey }),
  });
  return (
    <div className="source-acts">
      {act && source.state !== 'paused' ? (
        <Button disabled={change.isPending} onClick={() => change.mutate({ run: checkSource, done: '已安排立即检查' })}>
          立即检查
        </Button>
      ) : null}
      {manage && source.state === 'paused' ? (
        <Button disabled={change.isPending} onClick={() => change.mutate({ run: resumeSource, done: '已恢复' })}>
          恢复
        </Button>
      ) : null}
      {manage && source.state !== 'paused' ? (
        <Popconfirm
          title={`暂停“${source.name}”？`}
          description="暂停后不再采集，随时可以恢复。"
          okText="暂停"
          onConfirm={() => change.mutate({ run: pauseSource, done: '已暂停' })}
        >
          <Button disabled={change.isPending}>暂停</Button>
        </Popconfirm>
      ) : null}
    </div>
  );
}
