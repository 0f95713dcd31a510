import type { EventDetail } from '@guanlan/contracts';
import { minuteOf } from '@guanlan/domain';
import { useCallback } from 'react';
import { Chart } from '../parts/chart.tsx';
import { useScheme } from '../theme.ts';

type Hours = EventDetail['curve']['hours'];

/** Items per hour, in Shanghai's hours: what was written anew, and copies of it on top. */
export function SpreadChart({ hours, words }: { hours: Hours; words: string }) {
  const { dark } = useScheme();
  const optionOf = useCallback(() => optionFor(hours, dark), [hours, dark]);
  return <Chart optionOf={optionOf} words={words} />;
}

/** Hours between two words under the axis; midnight, where the day stands, is in every choice. */
const steps = [1, 2, 3, 6, 12];

function hourOf(hour: Hours[number] | undefined): number {
  return hour === undefined ? 0 : Number(minuteOf(new Date(hour.at)).slice(11, 13));
}

function optionFor(hours: Hours, dark: boolean) {
  const ink = dark ? '#e3e8ea' : '#1c2629';
  const quiet = dark ? '#a7b3b8' : '#526066';
  const line = dark ? '#3b474c' : '#d7dee0';
  const accent = dark ? '#3f9aa6' : '#14606b';
  const font = getComputedStyle(document.body).fontFamily;
  const step = steps.find((hoursApart) => hours.length <= hoursApart * 12) ?? 24;
  const labels = hours.map(({ at }) => minuteOf(new Date(at)).slice(5));
  return {
    animationDuration: 300,
    textStyle: { fontFamily: font, color: ink },
    grid: { left: 4, right: 12, top: 34, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: ink, fontFamily: font } },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: (value: unknown) => `${value} 条` },
    xAxis: {
      type: 'category',
      data: labels,
      axisLabel: {
        ...{ color: quiet, hideOverlap: true, interval: (index: number) => hourOf(hours[index]) % step === 0 },
        // The day where it begins, else the hour.
        formatter: (label: string) => (label.endsWith(' 00:00') ? label.slice(0, 5) : label.slice(6)),
      },
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    },
    yAxis: { type: 'value', minInterval: 1, axisLabel: { color: quiet }, splitLine: { lineStyle: { color: line } } },
    series: [
      { type: 'bar', stack: 'items', name: '各自报道', barMaxWidth: 28, itemStyle: { color: accent }, data: hours.map((h) => h.reports) },
      {
        ...{ type: 'bar', stack: 'items', name: '相同内容', barMaxWidth: 28, data: hours.map((h) => h.copies) },
        itemStyle: { color: dark ? '#4a585e' : '#aebbc0' },
      },
    ],
  };
}
