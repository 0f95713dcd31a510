import type { ProgressView } from '@guanlan/contracts';
import { Nothing } from '../parts/states.tsx';

type Indicator = ProgressView['indicators'][number];

/** The projects' indicator tables, word for word as they were approved; where they look wrong, a note says so. */
export function IndicatorTables({ indicators }: { indicators: readonly Indicator[] }) {
  const projects = Map.groupBy(indicators, (indicator) => indicator.project);
  return (
    <section className="block" aria-labelledby="indicators">
      <h2 id="indicators">项目绩效指标</h2>
      {projects.size === 0 ? (
        <Nothing title="还没有指标表">
          <p className="quiet">指标表随安装提供，请检查安装是否完整。</p>
        </Nothing>
      ) : null}
      {[...projects].map(([code, rows]) => (
        <Table key={code} code={code} rows={rows} />
      ))}
    </section>
  );
}

function Table({ code, rows }: { code: string; rows: readonly Indicator[] }) {
  return (
    <div className="scroll">
      <table className="plain indicators">
        <caption>
          {rows[0]?.projectName} <span className="quiet">{code}</span>
        </caption>
        <thead>
          <tr>
            {['一级指标', '二级指标', '三级指标', '绩效指标描述', '指标值', '指标值确定依据', '目前', '年底预计'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.level1} ${row.level2} ${row.level3}`}>
              <td>{row.level1}</td>
              <td>{row.level2}</td>
              <td>
                {row.level3}
                {row.note === null ? null : <span className="note">注：{row.note}</span>}
              </td>
              <td>{row.description}</td>
              <td className="nowrap">{row.target}</td>
              <td>{row.basis}</td>
              <td className="nowrap">{figure(row.actual, row.unit) ?? <span className="lack">未登记</span>}</td>
              <td className="nowrap">{figure(row.forecast, row.unit) ?? '—'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function figure(value: number | null, unit: string | null): string | null {
  return value === null ? null : `${value}${unit === null ? '' : ` ${unit}`}`;
}
