import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client.ts';
import { type Language, limitMoney, shortMoney } from '../../ui/format.ts';
import { useLanguage, usePhone, useWords } from '../../ui/hooks.ts';
import { monthsOf } from './months.ts';

use([LineChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

type Curve = Answer<'customerCurve'>;
interface Words {
  readonly assets: string;
  readonly average: string;
  readonly border: (border: Curve['borders'][number]) => string;
  readonly event: (event: Curve['events'][number]) => string;
}

/** The span of money to show: both lines, and the borders of bands that lie near them. */
export function spanOf(curve: Curve): { low: number; high: number; borders: Curve['borders'] } {
  const values = [...curve.assets, ...curve.average].map((point) => point.fen);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const borders = curve.borders.filter((border) => border.fen > 0 && border.fen >= low * 0.6 && border.fen <= high * 1.6);
  const lowest = Math.min(low, ...borders.map((border) => border.fen));
  const highest = Math.max(high, ...borders.map((border) => border.fen));
  const room = Math.max((highest - lowest) * 0.12, highest * 0.01, 100);
  return { low: Math.max(0, lowest - room), high: highest + room, borders };
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: of('--ink'),
    quiet: of('--quiet'),
    line: of('--line'),
    warn: of('--warn'),
    paper: of('--paper'),
    text: of('--text'),
  };
}

type Colours = ReturnType<typeof colours>;
type Span = ReturnType<typeof spanOf>;

function optionOf(curve: Curve, words: Words, language: Language, phone: boolean): EChartsCoreOption {
  const look = colours();
  const { quiet, line, paper, text } = look;
  const span = spanOf(curve);
  const months = monthsOf(curve, phone ? 4 : 8);
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit' },
    grid: { left: phone ? 62 : 76, right: phone ? 52 : 64, top: 16, bottom: 26 },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: paper,
      borderColor: line,
      textStyle: { color: text, fontSize: 12 },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? shortMoney(value, language) : '–'),
    },
    xAxis: {
      type: 'time',
      min: curve.from,
      max: curve.to,
      axisLine: { lineStyle: { color: line } },
      axisTick: { customValues: months },
      axisLabel: { color: quiet, customValues: months, formatter: '{MM}-{dd}' },
    },
    yAxis: {
      type: 'value',
      min: span.low,
      max: span.high,
      splitNumber: 4,
      axisLabel: {
        color: quiet,
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (fen: number) => limitMoney(fen, language),
      },
      splitLine: { lineStyle: { color: line } },
    },
    series: seriesOf(curve, words, look, span),
  };
}

function seriesOf(curve: Curve, words: Words, look: Colours, span: Span) {
  const last = curve.assets.at(-1)?.fen ?? 0;
  const points = (list: Curve['assets']) => list.map((point) => [point.date, point.fen]);
  const above = last >= (curve.average.at(-1)?.fen ?? 0);
  const label = (name: string, color: string, up: boolean) => ({ show: true, formatter: name, color, offset: [0, up ? -8 : 8] });
  return [
    {
      name: words.assets,
      type: 'line',
      step: 'end',
      showSymbol: false,
      data: [...points(curve.assets), [curve.to, last]],
      lineStyle: { color: look.ink, width: 1.5 },
      itemStyle: { color: look.ink },
      endLabel: label(words.assets, look.ink, above),
      markLine: {
        silent: true,
        symbol: 'none',
        lineStyle: { color: look.quiet, type: 'dashed', width: 1 },
        data: marksOf(curve, words, look, span),
      },
    },
    {
      name: words.average,
      type: 'line',
      showSymbol: false,
      data: points(curve.average),
      lineStyle: { color: look.warn, width: 2 },
      itemStyle: { color: look.warn },
      endLabel: label(words.average, look.warn, !above),
    },
  ];
}

/** Band borders across, moves of the home outlet up and down. */
function marksOf(curve: Curve, words: Words, { quiet, paper }: Colours, span: Span) {
  const small = { color: quiet, fontSize: 11 };
  return [
    ...span.borders.map((border) => ({
      yAxis: border.fen,
      label: { ...small, position: 'insideStartTop', formatter: words.border(border), backgroundColor: paper, padding: [1, 4] },
    })),
    ...curve.events.map((event) => ({
      xAxis: event.date,
      label: { ...small, position: 'insideEndTop', formatter: words.event(event) },
    })),
  ];
}

/** Assets as steps, the running average over them, the borders of the bands where they are near. */
export function CurveChart({ curve }: { curve: Curve }) {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  const phone = usePhone();
  const place = useRef<HTMLDivElement>(null);
  const last = curve.assets.at(-1);
  const said = `${t('customers.curveTitle')} ${curve.from} – ${curve.to}${last === undefined ? '' : ` ${shortMoney(last.fen, language)}`}`;
  useEffect(() => {
    if (place.current === null) return;
    const chart = init(place.current, null, { renderer: 'svg' });
    const names: Words = {
      assets: t('customers.curveAssets'),
      average: t('customers.curveAverage'),
      border: (border) => `${words(border.title)} ${limitMoney(border.fen, language)}`,
      event: (event) => words(event.text),
    };
    chart.setOption(optionOf(curve, names, language, phone));
    const fit = new ResizeObserver(() => chart.resize());
    fit.observe(place.current);
    return () => {
      fit.disconnect();
      chart.dispose();
    };
  });
  return <div ref={place} className="curve" role="img" aria-label={said} />;
}
