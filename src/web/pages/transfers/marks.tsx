import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RowOf } from '../../api/client.ts';
import { useRoleName } from '../../ui/person.tsx';

export type Transfer = RowOf<'listTransfers'>;

const TONES: Readonly<Record<Transfer['state'], string>> = {
  requested: 'blue',
  scheduled: 'cyan',
  approved: 'green',
  rejected: 'default',
  withdrawn: 'default',
  failed: 'red',
  claimed: 'green',
};

export function StateTag({ state }: { state: Transfer['state'] }) {
  const { t } = useTranslation();
  return <Tag color={TONES[state]}>{t(`transfers.state.${state}`)}</Tag>;
}

/** 张* → 李*: from whom to whom, with what they are. */
export function Move({ transfer }: { transfer: Pick<Transfer, 'from' | 'to'> }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const who = (person: Transfer['from'], none: string) =>
    person === null ? (
      <span className="quiet">{none}</span>
    ) : (
      <span title={[person.name, roleName(person.role), person.unitName].join(' · ')}>{person.name}</span>
    );
  return (
    <span className="transfer-move">
      {who(transfer.from, t('transfers.nobody'))} <span aria-hidden>→</span> {who(transfer.to, t('transfers.release'))}
    </span>
  );
}
