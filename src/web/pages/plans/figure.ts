import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client.ts';
import { count, shortMoney } from '../../ui/format.ts';
import { useLanguage } from '../../ui/hooks.ts';

export type Plan = Answer<'getPlan'>;
export type Metric = Plan['metric'];

/** A figure of a plan as people say it: 万 for money, a plain number otherwise. */
export function useFigure(): (metric: Metric, value: number) => string {
  const language = useLanguage();
  const { t } = useTranslation();
  return (metric, value) => (metric.money ? shortMoney(value, language) : t('plans.count', { n: count(value) }));
}

/** What is typed: yuan or a count; what is kept: fen or a count. */
export const kept = (metric: Metric, typed: number) => (metric.money ? Math.round(typed * 100) : Math.round(typed));
export const typed = (metric: Metric, value: number) => (metric.money ? value / 100 : value);
