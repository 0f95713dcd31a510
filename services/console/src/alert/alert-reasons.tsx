import type { AlertItemView, ReasonView } from '@guanlan/contracts';
import { categoryInfo } from '@guanlan/domain';

interface Line extends Pick<ReasonView, 'rule' | 'category'> {
  terms: string[];
  hits: number;
  items: Set<number>;
}

/** Why the level is what it is: every rule that fired, its terms, and in which items. */
export function AlertReasons({ items }: { items: readonly AlertItemView[] }) {
  const lines = gather(items);
  return (
    <section className="block" aria-labelledby="case-reasons">
      <h2 id="case-reasons">为什么是这个级别</h2>
      {lines.length === 0 ? (
        <p className="quiet">没有规则命中。直报由人报来，不论规则怎么说都送到值班台，请人工研判。</p>
      ) : (
        <div className="scroll">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">规则</th>
                <th scope="col">类别</th>
                <th scope="col">命中的词</th>
                <th scope="col" className="number">
                  次数
                </th>
                <th scope="col" className="wide-only">
                  见于
                </th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={`${line.rule} ${line.category}`}>
                  <td className="nowrap">{line.rule}</td>
                  <td className="nowrap">{categoryInfo(line.category).title}</td>
                  <td>
                    {line.terms.map((term) => (
                      <span key={term} className="term">
                        {term}
                      </span>
                    ))}
                  </td>
                  <td className="number">{line.hits}</td>
                  <td className="wide-only">
                    {[...line.items].slice(0, 4).map((id) => (
                      <a key={id} href={`#item-${id}`} className="ref">
                        信息 {id}
                      </a>
                    ))}
                    {line.items.size > 4 ? <span className="quiet">等 {line.items.size} 条</span> : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function gather(items: readonly AlertItemView[]): Line[] {
  const lines = new Map<string, Line>();
  for (const item of items) {
    for (const reason of item.reasons) {
      const key = `${reason.category} ${reason.rule}`;
      const line = lines.get(key) ?? { rule: reason.rule, category: reason.category, terms: [], hits: 0, items: new Set<number>() };
      if (!line.terms.includes(reason.term)) line.terms.push(reason.term);
      line.hits += 1;
      line.items.add(item.id);
      lines.set(key, line);
    }
  }
  return [...lines.values()].sort((a, b) => b.items.size - a.items.size || b.hits - a.hits);
}
