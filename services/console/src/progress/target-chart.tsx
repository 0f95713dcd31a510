import type { ProgressView } from '@guanlan/contracts';
import { useCallback } from 'react';
import { Chart } from '../parts/chart.tsx';
import { useScheme } from '../theme.ts';

type Items = ProgressView['items'];

/** From what was collected to what counts, with the target, today's even pace and the forecast as lines. */
export function TargetChart({ items, pace }: { items: Items; pace: number }) {
  const { dark } = useScheme();
  const optionOf = useCallback((width: number) => optionFor(items, pace, dark, width < 480), [items, pace, dark]);
  const words = `计数 ${items.counted} 条，其中已核实 ${items.confirmed} 条；目标 ${items.target} 条，今天的均匀进度 ${pace} 条，年底预计 ${items.forecast} 条。`;
  return <Chart optionOf={optionOf} words={words} />;
}

function optionFor(items: Items, pace: number, dark: boolean, narrow: boolean) {
  const ink = dark ? '#e3e8ea' : '#1c2629';
  const quiet = dark ? '#a7b3b8' : '#526066';
  const line = dark ? '#3b474c' : '#d7dee0';
  const accent = dark ? '#3f9aa6' : '#14606b';
  const strong = dark ? '#9ad7de' : '#0a3a41';
  const font = getComputedStyle(document.body).fontFamily;
  const top = Math.max(items.target, items.forecast, items.counted, pace);
  const mark = (value: number, name: string, colour: string, type: 'solid' | 'dashed' | 'dotted', row: number) => ({
    xAxis: value,
    lineStyle: { color: colour, type, width: 2 },
    label: {
      formatter: `${name} ${value}`,
      color: colour,
      fontFamily: font,
      position: 'end',
      distance: [0, 4 + row * 17],
      align: value > top * 0.75 ? 'right' : value < top * 0.2 ? 'left' : 'center',
    },
  });
  // The number stands inside its bar, away from the lines, wherever the bar is long enough to hold it.
  const bar = (value: number, color: string, inside: string) => ({
    value,
    itemStyle: { color },
    label: value > top * 0.2 ? { show: true, position: 'insideLeft', color: inside } : { show: true, position: 'right', color: ink },
  });
  return {
    animationDuration: 300,
    textStyle: { fontFamily: font, color: ink },
    grid: { left: 8, right: 20, top: 64, bottom: 4, containLabel: true },
    tooltip: { trigger: 'axis', axisPointer: { type: 'none' }, valueFormatter: (value: unknown) => `${value} 条` },
    xAxis: {
      type: 'value',
      min: 0,
      max: niceTop(top),
      splitNumber: narrow ? 3 : 5,
      axisLabel: { color: quiet },
      splitLine: { lineStyle: { color: line } },
    },
    yAxis: {
      type: 'category',
      data: ['已核实', '计数', '相关'],
      axisLabel: { color: ink },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    },
    series: [
      {
        type: 'bar',
        name: '条数',
        barWidth: 18,
        data: [
          bar(items.confirmed, strong, dark ? '#0f1416' : '#ffffff'),
          bar(items.counted, accent, dark ? '#0f1416' : '#ffffff'),
          bar(items.relevant, dark ? '#4a585e' : '#aebbc0', ink),
        ],
        markLine: {
          symbol: 'none',
          silent: true,
          animation: false,
          data: [
            mark(items.target, '目标', ink, 'solid', 0),
            mark(pace, '均匀进度', dark ? '#d9a95b' : '#8a5a00', 'dashed', 1),
            mark(items.forecast, '年底预计', quiet, 'dotted', 2),
          ],
        },
      },
    ],
  };
}

function niceTop(value: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(value, 10))) / 2;
  return Math.ceil((value * 1.04) / step) * step;
}
