import type { QualityView } from '@guanlan/contracts';
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { Fact, Facts } from '../parts/facts.tsx';
import { Fault, Loading } from '../parts/states.tsx';
import { IntervalBar } from '../quality/interval-bar.tsx';
import { qualityQuery } from '../quality/quality-queries.ts';
import { RankingPanel } from '../quality/ranking-panel.tsx';
import { RuleTable } from '../quality/rule-table.tsx';
import { SamplePanel } from '../quality/sample-panel.tsx';
import '../style/quality.css';

const choices = [
  { value: 30, label: '近 30 天' },
  { value: 90, label: '近 90 天' },
  { value: 365, label: '近一年' },
  { value: 3_660, label: '全部' },
];

/** How good the judging is: what alerts came to, which rules cry wolf, what is missed, and what was learned from it. */
export function Component() {
  const [days, setDays] = useState(365);
  const { data, isPending, error, refetch } = useQuery(qualityQuery(days));
  return (
    <div className="page">
      <div className="page-head">
        <h1>研判质量</h1>
        <div className="page-tools">
          <Select aria-label="看多久" value={days} options={choices} onChange={setDays} />
        </div>
      </div>
      {isPending ? <Loading /> : null}
      {!data && error ? <Fault error={error} retry={() => void refetch()} /> : null}
      {data ? (
        <>
          <Alerts alerts={data.alerts} />
          <RuleTable rules={data.rules} />
          <SamplePanel samples={data.samples} missed={data.missed} />
          <RankingPanel ranking={data.ranking} />
        </>
      ) : null}
    </div>
  );
}

function Alerts({ alerts }: { alerts: QualityView['alerts'] }) {
  const { confirmed, falseAlarms, undecided, precision } = alerts;
  return (
    <section className="block" aria-labelledby="quality-alerts">
      <h2 id="quality-alerts">预警提示的结果</h2>
      <Facts>
        <Fact name="属实（已核实、交办、回应，或办结而非误报）">{confirmed}</Fact>
        <Fact name="误报">{falseAlarms}</Fact>
        <Fact name="还没有结果">{undecided}</Fact>
        <Fact name="准确率">
          <IntervalBar proportion={precision} />
        </Fact>
      </Facts>
    </section>
  );
}
