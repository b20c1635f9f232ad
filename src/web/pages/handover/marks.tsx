import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RowOf } from '../../api/client.ts';

export type Handover = RowOf<'listHandovers'>;

const TONES: Readonly<Record<Handover['state'], string>> = {
  frozen: 'default',
  split: 'blue',
  done: 'green',
  withdrawn: 'default',
  returned: 'green',
};

export function StateTag({ handover: { state, unsigned } }: { handover: Pick<Handover, 'state' | 'unsigned'> }) {
  const { t } = useTranslation();
  const ready = state === 'split' && unsigned === 0;
  return <Tag color={TONES[state]}>{ready ? t('handover.ready') : t(`handover.state.${state}`)}</Tag>;
}

/** 2026-07-31, or from – to of an absence. */
export function Days({ handover: { onDate, backOn } }: { handover: Pick<Handover, 'onDate' | 'backOn'> }) {
  return <span className="number">{backOn === null ? onDate : `${onDate} – ${backOn}`}</span>;
}

/** Who started a handover: a person, or the night. */
export function useStarter(): (by: Handover['startedBy']) => string {
  const { t } = useTranslation();
  return ({ staffId, name }) => (staffId === 'night' ? t('handover.night') : name);
}
