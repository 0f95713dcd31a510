import type { RuleQualityView } from '@guanlan/contracts';
import { categoryInfo } from '@guanlan/domain';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { Nothing } from '../parts/states.tsx';
import { IntervalBar } from './interval-bar.tsx';

const atFirst = 15;

/** Every rule that spoke for an alert, the worst first, with the false alarms it made. */
export function RuleTable({ rules }: { rules: readonly RuleQualityView[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? rules : rules.slice(0, atFirst);
  return (
    <section className="block" aria-labelledby="quality-rules">
      <h2 id="quality-rules">
        规则的准确率{' '}
        <span className="quiet">
          有结果的预警提示里属实的占多少（括号内为 95% 置信区间）；最差的在前，规则改好并重新评估后不再记它的旧账
        </span>
      </h2>
      {rules.length === 0 ? (
        <Nothing title="还没有可算的">
          <p className="quiet">预警提示办结、核实之后，这里列出各条规则说得准不准。</p>
        </Nothing>
      ) : (
        <div className="scroll">
          <table className="plain quality-rules">
            <thead>
              <tr>
                <th scope="col">规则</th>
                <th scope="col" className="number">
                  属实
                </th>
                <th scope="col" className="number">
                  误报
                </th>
                <th scope="col" className="number">
                  未定
                </th>
                <th scope="col">准确率</th>
                <th scope="col">最近的误报</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((rule) => (
                <tr key={rule.rule}>
                  <td>
                    {rule.rule}
                    <br />
                    <span className="quiet">{categoryInfo(rule.category).title}</span>
                  </td>
                  <td className="number">{rule.confirmed}</td>
                  <td className="number">{rule.falseAlarms}</td>
                  <td className="number">{rule.undecided}</td>
                  <td>
                    <IntervalBar proportion={rule.precision} />
                  </td>
                  <td>
                    <ul>
                      {rule.falseAlarmAlerts.map((alert) => (
                        <li key={alert.alertId}>
                          <Link to={`/alerts/${alert.alertId}`}>{alert.title || `预警 ${alert.alertId}`}</Link>
                          {alert.note === '' ? null : <span className="quiet">（{alert.note}）</span>}
                        </li>
                      ))}
                    </ul>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.length < rules.length ? (
        <Button block onClick={() => setAll(true)}>
          列出全部 {rules.length} 条规则
        </Button>
      ) : null}
    </section>
  );
}
