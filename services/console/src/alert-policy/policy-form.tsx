import type { AlertPolicyView } from '@guanlan/contracts';
import { type AlertPolicy, escalationTitles, minuteOf } from '@guanlan/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input } from 'antd';
import { useState } from 'react';
import { alertPoliciesQuery, publishAlertPolicy } from '../alerting.ts';
import { sentence } from '../client.ts';
import {
  afterName,
  basisName,
  clockLevels,
  fieldName,
  fieldsOf,
  noteName,
  type PolicyFault,
  type PolicyFields,
  policyOf,
  ruleOf,
  warnName,
} from './policy-fields.ts';
import { ClockName, PolicyHead, shippedText } from './policy-table.tsx';

interface PolicyFormProps {
  /** What the fields begin with, and the id of the revision in force then: somebody else's later one is not overwritten. */
  from: AlertPolicy;
  base: AlertPolicyView['id'];
  shipped: AlertPolicy;
  onClose: () => void;
}

/** The clocks and the escalation, to be changed and published as the next revision. */
export function PolicyForm({ from, base, shipped, onClose }: PolicyFormProps) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [fields, setFields] = useState(() => fieldsOf(from));
  const [fault, setFault] = useState<PolicyFault | null>(null);
  const publish = useMutation({
    mutationFn: (policy: AlertPolicy) => publishAlertPolicy({ policy, note: fields.note.trim(), base }),
    onSuccess: () => {
      void message.success('新的时限规则已生效，用于今后打开的预警提示');
      void client.invalidateQueries({ queryKey: alertPoliciesQuery.queryKey });
    },
  });
  const send = () => {
    const read = policyOf(fields, { from, shipped, version: minuteOf(new Date()) });
    setFault('words' in read ? read : null);
    if ('words' in read) document.querySelector<HTMLElement>(`[aria-label="${CSS.escape(read.field)}"]`)?.focus();
    else publish.mutate(read, { onSuccess: onClose });
  };
  const change = (next: (now: PolicyFields) => PolicyFields) => {
    setFields(next);
    setFault(null);
  };
  const clockChange = (index: number, changed: Partial<PolicyFields['clocks'][number]>) =>
    change((now) => ({ ...now, clocks: now.clocks.map((clock, n) => (n === index ? { ...clock, ...changed } : clock)) }));
  const typed = (label: string, value: string, onChange: (value: string) => void) => (
    <Input
      aria-label={label}
      value={value}
      maxLength={40}
      {...(fault?.field === label ? { status: 'error' as const } : {})}
      onChange={(event) => onChange(event.target.value)}
    />
  );
  return (
    <form
      aria-label="修改时限规则"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p className="quiet hint">写成“30 分钟”“5 小时”这样；某一级不设这项时限就留空。已打开的预警提示沿用打开时的规则。</p>
      <div className="scroll">
        <table className="plain policy">
          <PolicyHead />
          <tbody>
            {fields.clocks.map((clock, index) => {
              const { kind, limits, warn, basis } = clock;
              const shippedRule = ruleOf(shipped, kind);
              return (
                <tr key={kind}>
                  <ClockName rule={ruleOf(from, kind) ?? shippedRule ?? { kind }} />
                  {clockLevels.map((level) => (
                    <td key={level}>
                      {typed(fieldName(kind, level), limits[level], (value) =>
                        clockChange(index, { limits: { ...limits, [level]: value } }),
                      )}
                    </td>
                  ))}
                  <td>{typed(warnName(kind), warn, (value) => clockChange(index, { warn: value }))}</td>
                  <td>
                    <Input.TextArea
                      aria-label={basisName(kind)}
                      value={basis}
                      maxLength={200}
                      autoSize
                      {...(fault?.field === basisName(kind) ? { status: 'error' as const } : {})}
                      onChange={(event) => clockChange(index, { basis: event.target.value })}
                    />
                    {shippedRule === undefined ? null : <p className="quiet">{shippedText(shippedRule)}</p>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div className="policy-steps">
        {from.escalation.map(({ to }, step) => (
          <span key={afterName(from, step)}>
            超时后{' '}
            {typed(afterName(from, step), fields.after[step] ?? '', (value) =>
              change((now) => ({ ...now, after: now.after.map((one, n) => (n === step ? value : one)) })),
            )}{' '}
            通知{escalationTitles[to]}
          </span>
        ))}
      </div>
      <p>
        <Input
          aria-label={noteName}
          placeholder={`${noteName}（记入版本和审计日志）`}
          value={fields.note}
          maxLength={500}
          {...(fault?.field === noteName ? { status: 'error' as const } : {})}
          onChange={(event) => change((now) => ({ ...now, note: event.target.value }))}
        />
      </p>
      {fault === null && !publish.isError ? null : (
        <Alert type="error" showIcon role="alert" title={fault?.words ?? sentence(publish.error)} />
      )}
      <div className="policy-acts">
        <Button type="primary" htmlType="submit" loading={publish.isPending}>
          发布新版本
        </Button>
        <Button disabled={publish.isPending} onClick={onClose}>
          取消
        </Button>
      </div>
    </form>
  );
}
