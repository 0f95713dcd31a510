import type { ProgressView } from '@guanlan/contracts';
import { yearElapsed, yearOf } from '@guanlan/domain';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useNow } from '../parts/now.ts';
import { Fault, Loading } from '../parts/states.tsx';
import { IndicatorTables } from '../progress/indicator-tables.tsx';
import { TallyDrawer } from '../progress/tally-drawer.tsx';
import { TargetChart } from '../progress/target-chart.tsx';
import { Trainings } from '../progress/trainings.tsx';
import { progressQuery } from '../queries.ts';

/** The year: the items target, the trainings, and the four projects' indicator tables. */
export function Component() {
  const thisYear = yearOf(useNow());
  const [year, setYear] = useState(thisYear);
  const { data, isPending, error, refetch } = useQuery(progressQuery(year));
  return (
    <div className="page">
      <div className="page-head">
        <h1>{year} 年绩效进度</h1>
        <div className="page-tools">
          <Button onClick={() => setYear(year - 1)} aria-label={`看 ${year - 1} 年`}>
            ‹ {year - 1}
          </Button>
          <Button onClick={() => setYear(year + 1)} disabled={year >= thisYear} aria-label={`看 ${year + 1} 年`}>
            {year + 1} ›
          </Button>
        </div>
      </div>
      {isPending ? <Loading /> : null}
      {!data && error ? <Fault error={error} retry={() => void refetch()} /> : null}
      {data ? (
        <>
          <Target progress={data} />
          <Trainings progress={data} />
          <IndicatorTables indicators={data.indicators} />
        </>
      ) : null}
    </div>
  );
}

function Target({ progress }: { progress: ProgressView }) {
  const [basis, setBasis] = useState(false);
  const { items, year } = progress;
  const pace = Math.round(items.target * yearElapsed(year, useNow()));
  const ahead = items.counted - pace;
  return (
    <section className="block" aria-labelledby="target">
      <h2 id="target">监测信息量（目标 ≥{items.target} 条）</h2>
      <div className="target">
        <div className="target-figure">
          <p className="figure">
            {items.counted}
            <span className="quiet"> / {items.target} 条</span>
          </p>
          <p>
            {ahead >= 0 ? `比均匀进度多 ${ahead} 条` : `比均匀进度少 ${-ahead} 条`}
            <span className="quiet">（今天应达 {pace} 条）</span>
          </p>
          <p>
            按目前速度，年底预计 <strong>{items.forecast}</strong> 条，
            {items.forecast >= items.target ? '能完成目标' : `还差 ${items.target - items.forecast} 条`}
          </p>
          <Button type="primary" onClick={() => setBasis(true)}>
            查看依据
          </Button>
        </div>
        <TargetChart items={items} pace={pace} />
      </div>
      <dl className="steps">
        <Step name="采集" value={items.collected} meaning="今年入库的全部信息" />
        <Step name="相关" value={items.relevant} meaning="有级别且涉及本县" />
        <Step name="计数" value={items.counted} meaning="相关信息去重、剔除误报后，对照目标的数" />
        <Step name="已核实" value={items.confirmed} meaning="计数中，其预警提示已由人员核实" />
      </dl>
      <TallyDrawer year={year} open={basis} onClose={() => setBasis(false)} counted={items.counted} />
    </section>
  );
}

function Step({ name, value, meaning }: { name: string; value: number; meaning: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="step-value">{value}</dd>
      <dd className="quiet">{meaning}</dd>
    </div>
  );
}
