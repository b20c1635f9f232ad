import { useTranslation } from 'react-i18next';
import type { Import } from './row.ts';

const TONES: Readonly<Record<Import['state'], 'moving' | 'ask' | 'good' | 'bad' | 'past'>> = {
  received: 'moving',
  reading: 'moving',
  checked: 'ask',
  applying: 'moving',
  accepted: 'good',
  unchanged: 'past',
  refused: 'bad',
  undone: 'past',
  discarded: 'past',
};

export function StateTag({ state }: { state: Import['state'] }) {
  const { t } = useTranslation();
  return <span className={`state state-${TONES[state]}`}>{t(`feeds.state.${state}`)}</span>;
}

/** The file's name, and whether it is a delta or a later revision of its day. */
export function FileName({ row }: { row: Import }) {
  const { t } = useTranslation();
  return (
    <span title={row.fileName}>
      {row.fileName}
      {row.delta && <span className="quiet small"> {t('feeds.deltaMark')}</span>}
      {row.revision > 1 && <span className="quiet small"> {t('feeds.revision', { n: row.revision })}</span>}
    </span>
  );
}
