import type { AlertDetail } from '@guanlan/contracts';
import { type Level, levelInFull, levelInfo } from '@guanlan/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { sentence } from '../client.ts';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { confirmLevel, patchAlert } from '../queries.ts';

type Given = Exclude<Level, 'none'>;

const choices: Given[] = ['I', 'II', 'III', 'IV'];
const named = (level: Level) => `${level}级·${levelInfo[level].title}`;

/** What level is proposed and by what, and what a person says of it. */
export function AlertLevelPanel({ alert }: { alert: AlertDetail }) {
  const [asking, setAsking] = useState(false);
  const allowed = useAllowed();
  const { proposal, confirmed } = alert;
  const differs = confirmed !== null && proposal.level !== alert.level;
  return (
    <section className="block" aria-labelledby="case-level">
      <h2 id="case-level">级别</h2>
      <p>
        {confirmed === null ? (
          <>
            <strong>{levelInFull(proposal.level)}</strong>，尚未由人员核定。
          </>
        ) : (
          <>
            <strong>{levelInFull(alert.level, true)}</strong>
            <span className="quiet">
              （{confirmed.by}，<Moment at={confirmed.at} both />）
            </span>
            {differs ? `；系统${levelInFull(proposal.level)}。` : '。'}
          </>
        )}
      </p>
      {proposal.raisedBy.length > 0 ? (
        <p>
          比内容本身高，因为：{proposal.raisedBy.join('；')}
          {proposal.version === null ? null : <span className="quiet">（级别阈值第 {proposal.version} 版）</span>}
        </p>
      ) : (
        <p className="quiet">按内容提出，传播面和增长没有提高它。</p>
      )}
      {alert.state !== 'closed' && allowed.act ? (
        <div>
          <Button onClick={() => setAsking(true)}>{confirmed === null ? '核定级别' : '重新核定'}</Button>
        </div>
      ) : null}
      {asking ? <Question alert={alert} onClose={() => setAsking(false)} /> : null}
    </section>
  );
}

function Question({ alert, onClose }: { alert: AlertDetail; onClose: () => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ level: Given; note?: string }>();
  const confirm = useMutation({
    mutationFn: ({ level, note = '' }: { level: Given; note?: string }) => confirmLevel(alert.id, { level, note }),
    onSuccess: (detail) => {
      client.setQueryData(['alert', detail.id], detail);
      patchAlert(client, detail);
      void message.success(`已${levelInFull(detail.level, true)}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title="核定级别"
      okText="核定"
      confirmLoading={confirm.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className="quiet hint">级别是内部提示。核定后以您定的为准；以后的建议只会另外列出，不会改动它。</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ level: alert.level === 'none' ? 'IV' : alert.level }}
        onFinish={(fields) => confirm.mutate(fields)}
      >
        <Form.Item name="level" label={`级别（系统${levelInFull(alert.proposal.level)}）`}>
          <Radio.Group className="outcomes" options={choices.map((value) => ({ value, label: named(value) }))} />
        </Form.Item>
        <Form.Item name="note" label="说明（可不填）">
          <Input.TextArea rows={2} maxLength={2_000} />
        </Form.Item>
      </Form>
      {confirm.error ? <Alert type="error" showIcon role="alert" title={sentence(confirm.error)} /> : null}
    </Modal>
  );
}
