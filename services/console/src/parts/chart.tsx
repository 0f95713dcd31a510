import type { EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';

interface Props {
  /** The chart's option for a box of this width, in pixels; a new function where it is to be drawn anew. */
  optionOf: (width: number) => Record<string, unknown>;
  /** What it shows, for who does not see it. */
  words: string;
}

/** A chart. Its library, larger than the rest of the console, is loaded with the first one that is shown. */
export function Chart({ optionOf, words }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const [ready, setReady] = useState(false);

  useEffect(() => {
    const watch = new ResizeObserver(() => chart.current?.resize());
    let gone = false;
    void import('./chart-library.ts').then(({ init }) => {
      if (gone || !box.current) return;
      chart.current = init(box.current);
      watch.observe(box.current);
      setReady(true);
    });
    return () => {
      gone = true;
      watch.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    if (ready) chart.current?.setOption(optionOf(box.current?.clientWidth ?? 600), true);
  }, [ready, optionOf]);

  return <div ref={box} className="chart" role="img" aria-label={words} />;
}
