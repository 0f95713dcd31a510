import type { ReasonView } from '@guanlan/contracts';
import { categoryInfo } from '@guanlan/domain';
import { Button, Tooltip } from 'antd';
import { useMemo, useState } from 'react';
import { excerpt, highlight, type Segment } from '../highlight.ts';

interface Marked {
  text: string;
  /** Reasons of this very field. */
  reasons: readonly ReasonView[];
  /** Long texts are shortened around their hits, with a way to see all. */
  shorten?: boolean;
}

/** A text with the evidence marked at its exact place. Each mark can be focused and names its rule, term and category. */
export function MarkedText({ text, reasons, shorten = false }: Marked) {
  const [whole, setWhole] = useState(!shorten);
  const segments = useMemo(() => highlight(text, reasons), [text, reasons]);
  const short = useMemo(() => excerpt(segments, 90), [segments]);
  const gaps = short.some((part) => 'omitted' in part);
  return (
    <>
      {(whole ? segments : short).map((part) =>
        'omitted' in part ? <Gap key={`gap-${part.start}`} omitted={part.omitted} /> : <Run key={part.start} segment={part} />,
      )}
      {shorten && gaps ? (
        <Button type="link" size="small" className="unfold" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? '只看命中处' : `展开全文（${text.length} 字）`}
        </Button>
      ) : null}
    </>
  );
}

function Run({ segment }: { segment: Segment<ReasonView> }) {
  const [first] = segment.marks;
  if (!first) return segment.text;
  return (
    <Tooltip title={<Evidence marks={segment.marks} />} trigger={['hover', 'focus']}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip must be reachable without a mouse */}
      <mark tabIndex={0} data-rule={first.rule} className={segment.marks.length > 1 ? 'hit hit-several' : 'hit'}>
        {segment.text}
      </mark>
    </Tooltip>
  );
}

function Evidence({ marks }: { marks: readonly ReasonView[] }) {
  return (
    <ul className="evidence">
      {marks.map((mark) => (
        <li key={`${mark.rule} ${mark.term} ${mark.start}`}>
          规则 {mark.rule}，命中“{mark.term}”，{categoryInfo(mark.category).title}
        </li>
      ))}
    </ul>
  );
}

function Gap({ omitted }: { omitted: number }) {
  return (
    <span className="gap" title={`省略 ${omitted} 字`}>
      {' '}
      ……{' '}
    </span>
  );
}
