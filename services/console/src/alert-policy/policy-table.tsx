import type { AlertPolicy } from '@guanlan/domain';
import { categoryInfo, type DeadlineRule, deadlineTitles, escalationTitles, levelInfo } from '@guanlan/domain';
import { clockLevels, minutesText, ruleOf } from './policy-fields.ts';

/** The clocks of a policy: how long at each level, when people are warned, and where that comes from. */
export function PolicyTable({ policy, shipped }: { policy: AlertPolicy; shipped: AlertPolicy }) {
  return (
    <>
      <div className="scroll">
        <table className="plain policy">
          <PolicyHead />
          <tbody>
            {policy.deadlines.map((rule) => (
              <tr key={rule.kind}>
                <ClockName rule={rule} />
                {clockLevels.map((level) => (
                  <td key={level} className="nowrap">
                    {rule.minutes[level] === undefined ? <span className="quiet">不设</span> : minutesText(rule.minutes[level])}
                  </td>
                ))}
                <td className="nowrap">{rule.warnMinutes === 0 ? <span className="quiet">不提前</span> : minutesText(rule.warnMinutes)}</td>
                <td>
                  {rule.basis}
                  <Shipped rule={rule} shipped={ruleOf(shipped, rule.kind)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        超时后：
        {policy.escalation.length === 0 ? '不升级' : null}
        {policy.escalation
          .map(({ afterMinutes, to }) => `${afterMinutes === 0 ? '立即' : `${minutesText(afterMinutes)}后`}通知${escalationTitles[to]}`)
          .join('，')}
        。
      </p>
    </>
  );
}

export function PolicyHead() {
  return (
    <thead>
      <tr>
        <th scope="col">时限</th>
        {clockLevels.map((level) => (
          <th key={level} scope="col">
            {levelInfo[level].title}
          </th>
        ))}
        <th scope="col">提前提醒</th>
        <th scope="col">依据</th>
      </tr>
    </thead>
  );
}

export function ClockName({ rule }: { rule: Pick<DeadlineRule, 'kind' | 'categories'> }) {
  const only = rule.categories?.map((id) => categoryInfo(id).title).join('、') ?? '';
  return (
    <th scope="row">
      {deadlineTitles[rule.kind]}
      {only === '' ? null : <span className="quiet">（仅{only}）</span>}
    </th>
  );
}

/** What the program brought, where an office has set it otherwise. */
function Shipped({ rule, shipped }: { rule: DeadlineRule; shipped: DeadlineRule | undefined }) {
  if (shipped === undefined || figuresText(rule) === figuresText(shipped)) return null;
  return <p className="quiet">本单位已改；{shippedText(shipped)}</p>;
}

/** The figures that the program brings for a clock, and their source. */
export function shippedText(rule: DeadlineRule): string {
  return `随程序提供：${figuresText(rule)}，依据：${rule.basis}`;
}

function figuresText({ minutes, warnMinutes }: DeadlineRule): string {
  const limits = clockLevels.flatMap((level) =>
    minutes[level] === undefined ? [] : [`${levelInfo[level].title} ${minutesText(minutes[level])}`],
  );
  return [...limits, `提前 ${minutesText(warnMinutes)}提醒`].join('，');
}
