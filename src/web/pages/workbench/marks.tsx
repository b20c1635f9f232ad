import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Bucket } from './answers.ts';

const DAY_MS = 86_400_000;

/** By when: overdue by so many days, today, or a day to come. */
export function DueMark({ due, bucket, day }: { due: string; bucket: Bucket; day: string }) {
  const { t } = useTranslation();
  if (bucket === 'overdue')
    return <Tag color="orange">{t('workbench.overdueDays', { n: (Date.parse(day) - Date.parse(due)) / DAY_MS })}</Tag>;
  if (bucket === 'today') return <Tag color="blue">{t('workbench.dueToday')}</Tag>;
  return <Tag>{t('workbench.dueOn', { on: due })}</Tag>;
}
