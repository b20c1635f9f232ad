import { useTranslation } from 'react-i18next';
import type { Bucket } from './answers.ts';

const DAY_MS = 86_400_000;

/** By when: overdue by so many days, today, or a day to come. */
export function DueMark({ due, bucket, day }: { due: string; bucket: Bucket; day: string }) {
  const { t } = useTranslation();
  const text =
    bucket === 'overdue'
      ? t('workbench.overdueDays', { n: (Date.parse(day) - Date.parse(due)) / DAY_MS })
      : bucket === 'today'
        ? t('workbench.dueToday')
        : t('workbench.dueOn', { on: due });
  return <span className={`due due-${bucket}`}>{text}</span>;
}
