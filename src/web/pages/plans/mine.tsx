import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { percent } from '../../ui/format.ts';
import { useWords } from '../../ui/hooks.ts';
import { useFigure } from './figure.ts';

/** 计划进度 of one's own, in a line of the workbench; nothing where nobody has set one. */
export function MyPlans() {
  const { t } = useTranslation();
  const words = useWords();
  const figure = useFigure();
  const mine = useQuery({ queryKey: ['plans', 'mine'], queryFn: async () => unwrap(await api.GET('/api/plans/mine')) });
  const items = mine.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <dl className="standards" aria-label={t('plans.mine')}>
      {items.map(({ metric, period, target, done, line }) => (
        <div key={`${metric.metric} ${period}`} className={done < line ? 'standard short' : 'standard'}>
          <dt>
            {words(metric.title)} {period}
          </dt>
          <dd>
            {t('plans.mineLine', {
              ...{ done: figure(metric, done), target: figure(metric, target) },
              ...{ percent: percent(done, target), line: percent(line, target) },
            })}
          </dd>
        </div>
      ))}
    </dl>
  );
}
