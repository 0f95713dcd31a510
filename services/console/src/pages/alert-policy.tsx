import type { AlertPolicyList, AlertPolicyView } from '@guanlan/contracts';
import type { AlertPolicy } from '@guanlan/domain';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { changesOf } from '../alert-policy/policy-fields.ts';
import { PolicyForm } from '../alert-policy/policy-form.tsx';
import { PolicyTable } from '../alert-policy/policy-table.tsx';
import { alertPoliciesQuery } from '../alerting.ts';
import { DutyNav } from '../parts/duty-nav.tsx';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import '../style/duty.css';

/** The clocks of every case: what holds now, where it comes from, what it was before; an administrator publishes the next revision. */
export function Component() {
  const { data, isPending, error, refetch } = useQuery(alertPoliciesQuery);
  const { manage } = useAllowed();
  // A copy of what was in force when it was opened: what is published meanwhile changes nothing under somebody's hands.
  const [editing, setEditing] = useState<{ from: AlertPolicy; base: number } | null>(null);
  const [current] = data?.rows ?? [];
  const edit =
    manage && current && editing === null ? (row: AlertPolicyView) => setEditing({ from: policyIn(row), base: current.id }) : null;
  return (
    <div className="page">
      <DutyNav />
      <div className="page-head">
        <h1>时限规则</h1>
        {current ? (
          <p className="quiet">
            现行：{current.actor} 于 <Moment at={current.publishedAt} both /> 发布（{current.note}）。已打开的预警提示沿用打开时的规则。
          </p>
        ) : null}
        <div className="page-tools">
          {edit && current ? (
            <Button type="primary" onClick={() => edit(current)}>
              修改
            </Button>
          ) : null}
        </div>
      </div>
      {isPending ? <Loading /> : null}
      {!data && error ? <Fault error={error} retry={() => void refetch()} /> : null}
      {data && !current ? <Nothing title="预警服务启动后会启用随程序提供的规则" /> : null}
      {data && current ? (
        <section className="block" aria-label={editing === null ? '现行规则' : '修改规则'}>
          {editing === null ? (
            <PolicyTable policy={policyIn(current)} shipped={data.shipped as AlertPolicy} />
          ) : (
            <PolicyForm {...editing} shipped={data.shipped as AlertPolicy} onClose={() => setEditing(null)} />
          )}
        </section>
      ) : null}
      {data ? <Revisions list={data} edit={edit} /> : null}
    </div>
  );
}

function policyIn({ policy }: AlertPolicyView): AlertPolicy {
  return policy as AlertPolicy;
}

/** Every revision with what it changed; an earlier one can be the start of the next. */
function Revisions({ list: { rows }, edit }: { list: AlertPolicyList; edit: ((row: AlertPolicyView) => void) | null }) {
  return (
    <section className="block" aria-labelledby="revisions">
      <h2 id="revisions">历次发布</h2>
      <ul className="lines">
        {rows.map((row, index) => {
          const before = rows[index + 1];
          const changes = before ? changesOf(policyIn(before), policyIn(row)) : [];
          return (
            <li key={row.id} className="line">
              <div className="line-head">
                <strong>第 {row.id} 版</strong>
                <span>{row.note}</span>
                <span className="quiet">{row.actor}</span>
                <span className="line-when">
                  <Moment at={row.publishedAt} both />
                  {edit && index > 0 ? (
                    <Button size="small" onClick={() => edit(row)}>
                      以此版为底修改
                    </Button>
                  ) : null}
                </span>
              </div>
              {changes.length > 0 ? <p className="line-reason">{changes.join('\n')}</p> : null}
              {before && changes.length === 0 ? <p className="line-reason">时限和升级没有变化。</p> : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
