import { LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Plan, useFigure } from './figure.ts';

use([LineChart, GridComponent, TooltipComponent, SVGRenderer]);

/** What was done by day, and the line one should have been on. */
export function PlanCurve({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const figure = useFigure();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const style = getComputedStyle(document.documentElement);
    const of = (name: string) => style.getPropertyValue(name).trim();
    const chart = init(place.current, null, { renderer: 'svg' });
    const text = (value: unknown) => (typeof value === 'number' ? figure(plan.metric, value) : '');
    const series = (name: string, color: string, dashed: boolean, values: number[]) => ({
      ...{ name, type: 'line', showSymbol: false, itemStyle: { color }, endLabel: { show: true, formatter: name, color } },
      lineStyle: { color, width: 2, type: dashed ? 'dashed' : 'solid' },
      data: values.map((value, at) => [plan.curve[at]?.on, value]),
    });
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: 'inherit' },
      grid: { left: 76, right: 76, top: 16, bottom: 26 },
      tooltip: {
        ...{ trigger: 'axis', renderMode: 'richText', backgroundColor: of('--paper'), borderColor: of('--line') },
        ...{ textStyle: { color: of('--text'), fontSize: 12 }, valueFormatter: text },
      },
      xAxis: {
        ...{ type: 'time', min: plan.from, max: plan.to, axisLine: { lineStyle: { color: of('--line') } } },
        axisLabel: { color: of('--quiet'), formatter: '{MM}-{dd}', hideOverlap: true },
      },
      yAxis: {
        ...{ type: 'value', splitNumber: 4, splitLine: { lineStyle: { color: of('--line') } } },
        axisLabel: { color: of('--quiet'), formatter: text },
      },
      series: [
        series(
          t('plans.curveDone'),
          of('--ink'),
          false,
          plan.curve.map(({ done }) => done),
        ),
        series(
          t('plans.curveLine'),
          of('--warn'),
          true,
          plan.curve.map(({ line }) => line),
        ),
      ],
    });
    const fit = new ResizeObserver(() => chart.resize());
    fit.observe(place.current);
    return () => {
      fit.disconnect();
      chart.dispose();
    };
  });
  return <div ref={place} className="plan-curve" role="img" aria-label={t('plans.curve')} />;
}
