import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Import } from './feeds.tsx';

const TONES: Readonly<Record<Import['state'], string>> = {
  received: 'processing',
  reading: 'processing',
  checked: 'warning',
  applying: 'processing',
  accepted: 'success',
  unchanged: 'default',
  refused: 'error',
  undone: 'default',
  discarded: 'default',
};

export function StateTag({ state }: { state: Import['state'] }) {
  const { t } = useTranslation();
  return <Tag color={TONES[state]}>{t(`feeds.state.${state}`)}</Tag>;
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
