import type { Suppressed } from '@guanlan/domain';
import { sentence } from '../client.ts';

/** Rules that would have fired, and what held each of them back. */
export function Suppressions({ suppressed, pending, error }: { suppressed: readonly Suppressed[]; pending: boolean; error: unknown }) {
  if (pending) return <p className="quiet">正在读取…</p>;
  if (error) return <p role="alert">{sentence(error)}</p>;
  if (suppressed.length === 0) return <p className="quiet">没有被抑制的规则。</p>;
  return (
    <ul className="suppressed" aria-label="没有采用的规则">
      {suppressed.map((entry) => (
        <li key={`${entry.rule} ${entry.by} ${entry.text}`}>
          规则 {entry.rule} 本会命中“{entry.text}”，因 {entry.by} 未采用
        </li>
      ))}
    </ul>
  );
}
