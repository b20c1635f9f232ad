import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RowOf } from '../../api/client.ts';

type State = RowOf<'listRuns'>['state'];
const TONES: Readonly<Record<State, string>> = {
  simulating: 'processing',
  simulated: 'blue',
  applying: 'processing',
  applied: 'default',
  stale: 'default',
  discarded: 'default',
};

export function StateTag({ state }: { state: State }) {
  const { t } = useTranslation();
  return <Tag color={TONES[state]}>{t(`runs.state.${state}`)}</Tag>;
}
