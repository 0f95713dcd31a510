/** A marked stretch of a text: UTF-16 offsets, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** A run of text under the same marks. `marks` is empty for plain text, and holds several where spans overlap or nest. */
export interface Segment<S extends Span> extends Span {
  text: string;
  marks: S[];
}

/**
 * Cuts a text at every boundary of its spans. The segments, in order and joined, are exactly the text; each carries the
 * spans that cover it, widest first. Spans beyond the text are clipped, empty ones dropped, and a boundary inside a
 * surrogate pair is moved outward, so that no half character is ever drawn.
 */
export function highlight<S extends Span>(text: string, spans: readonly S[]): Segment<S>[] {
  const marks = spans
    .map((span) => ({ span, start: snapDown(text, clamp(span.start, text)), end: snapUp(text, clamp(span.end, text)) }))
    .filter((mark) => mark.end > mark.start)
    .sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  const cuts = new Set([0, text.length]);
  for (const mark of marks) cuts.add(mark.start).add(mark.end);
  const edges = [...cuts].sort((a, b) => a - b);
  const segments: Segment<S>[] = [];
  for (const [index, start] of edges.entries()) {
    const end = edges[index + 1];
    if (end === undefined) break;
    const covering = marks.filter((mark) => mark.start <= start && mark.end >= end).map((mark) => mark.span);
    segments.push({ start, end, text: text.slice(start, end), marks: covering });
  }
  return segments;
}

/** A segment, or a gap that stands for `omitted` characters left out. */
export type Excerpt<S extends Span> = Segment<S> | { omitted: number; start: number };

/**
 * Keeps every marked segment and `context` characters of plain text on either side of one (twice that at the beginning
 * of the text), and leaves a gap for the rest. Text that is not longer than the gap would save is kept whole.
 */
export function excerpt<S extends Span>(segments: readonly Segment<S>[], context: number): Excerpt<S>[] {
  const out: Excerpt<S>[] = [];
  for (const [index, segment] of segments.entries()) {
    const head = index === 0 ? context * 2 : context;
    const tail = index === segments.length - 1 ? 0 : context;
    if (segment.marks.length > 0 || segment.text.length <= head + tail + 20) {
      out.push(segment);
      continue;
    }
    const keep = snapDown(segment.text, head);
    const resume = snapUp(segment.text, segment.text.length - tail);
    out.push({ ...segment, end: segment.start + keep, text: segment.text.slice(0, keep) });
    out.push({ omitted: resume - keep, start: segment.start + keep });
    if (tail > 0) out.push({ ...segment, start: segment.start + resume, text: segment.text.slice(resume) });
  }
  return out;
}

function clamp(offset: number, text: string): number {
  return Math.min(Math.max(Math.trunc(offset), 0), text.length);
}

function insidePair(text: string, offset: number): boolean {
  const high = text.charCodeAt(offset - 1);
  const low = text.charCodeAt(offset);
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}

function snapDown(text: string, offset: number): number {
  return insidePair(text, offset) ? offset - 1 : offset;
}

function snapUp(text: string, offset: number): number {
  return insidePair(text, offset) ? offset + 1 : offset;
}
