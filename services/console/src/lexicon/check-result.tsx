import type { LexiconCheckView, LexiconFaultView } from '@guanlan/contracts';

/** What a check found; each line leads to its place. */
export function CheckResult({ checked, onGo }: { checked: LexiconCheckView; onGo: (fault: LexiconFaultView) => void }) {
  const { faults, failed, warnings, rules, examples } = checked;
  const wrong = faults.length + failed.length;
  return (
    <section className="block" aria-labelledby="rule-check" role="status">
      <h2 id="rule-check">
        检查{' '}
        <span className={wrong > 0 ? 'fault' : 'quiet'}>
          {wrong > 0 ? `${wrong} 处要改` : `没有错误：${rules} 条规则，${examples} 个例子全部符合`}
        </span>
      </h2>
      <Faults title="错误" faults={faults} onGo={onGo} />
      <Faults title="例子不符" faults={failed} onGo={onGo} />
      <Faults title="提醒" faults={warnings} onGo={onGo} />
    </section>
  );
}

function Faults({ title, faults, onGo }: { title: string; faults: readonly LexiconFaultView[]; onGo: (fault: LexiconFaultView) => void }) {
  if (faults.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="rule-faults">
        {faults.map((fault) => (
          <li key={`${fault.file} ${fault.line} ${fault.column} ${fault.message}`}>
            <button type="button" onClick={() => onGo(fault)}>
              {fault.file} 第 {fault.line} 行第 {fault.column} 列
            </button>
            <span>
              {fault.message}。<span className="quiet">{fault.hint}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
