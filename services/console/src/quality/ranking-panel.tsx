import type { RankingModelView } from '@guanlan/contracts';
import { Nothing } from '../parts/states.tsx';

/** All of what was learned from outcomes: a line of weights. */
export function RankingPanel({ ranking }: { ranking: RankingModelView | null }) {
  const most = Math.max(0.001, ...(ranking?.features ?? []).map(({ weight }) => Math.abs(weight)));
  return (
    <section className="block" aria-labelledby="quality-ranking">
      <h2 id="quality-ranking">
        从结果学到的排序 <span className="quiet">只排预警提示的先后，一条都不隐藏</span>
      </h2>
      {ranking === null ? (
        <Nothing title="结果还不够">
          <p className="quiet">至少 30 条有结果的预警提示，其中属实、误报各不少于 5 条，才开始学习；在那之前按级别排列。</p>
        </Nothing>
      ) : (
        <>
          <p>
            学自 {ranking.confirmed} 条属实、{ranking.falseAlarms} 条误报。把一条属实的排在一条误报之前的把握（交叉验证）：
            <strong>{Math.round(100 * ranking.auc)}%</strong>
            <span className="quiet">（50% 等于瞎猜）</span>
          </p>
          <table className="plain weights">
            <thead>
              <tr>
                <th scope="col">看什么</th>
                <th scope="col">倾向</th>
                <th scope="col" className="number">
                  权重
                </th>
              </tr>
            </thead>
            <tbody>
              {ranking.features.map(({ id, title, weight }) => (
                <tr key={id}>
                  <td>{title}</td>
                  <td>
                    <span className="weight" aria-hidden="true">
                      <span
                        className={weight >= 0 ? 'weight-for' : 'weight-against'}
                        style={{
                          width: `${(50 * Math.abs(weight)) / most}%`,
                          left: weight >= 0 ? '50%' : `${50 - (50 * Math.abs(weight)) / most}%`,
                        }}
                      />
                    </span>
                    <span className="quiet">{Math.abs(weight) < 0.05 ? '几乎无关' : weight > 0 ? '更像属实' : '更像误报'}</span>
                  </td>
                  <td className="number">{weight.toFixed(2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
