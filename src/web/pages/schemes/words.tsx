import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

const MEASURES = ['calendar-year', 'rolling-365'] as const;

/** The measure of averages by its name. */
export function useMeasureName(): (measure: string) => string {
  const { t } = useTranslation();
  return (measure) => t(`schemes.measure.${MEASURES.find((known) => known === measure) ?? 'other'}`);
}

export function StateTag({ state }: { state: 'draft' | 'active' | 'retired' }) {
  const { t } = useTranslation();
  return <Tag color={state === 'active' ? 'blue' : 'default'}>{t(`schemes.state.${state}`)}</Tag>;
}
