import { useTranslation } from 'react-i18next';
import type { RowOf } from '../../api/client.ts';

export type Sale = RowOf<'ledgerSales'>;
export const PARTS = ['seller', 'referrer', 'claimer', 'coverer'] as const;
export type Part = (typeof PARTS)[number];
type Shares = Sale['shares'];

/** To whom a sale counts, and with what share when it is not one person's alone. */
export function Parts({ people, shares }: { people: Sale['people']; shares: Shares }) {
  const { t } = useTranslation();
  const known = PARTS.filter((part) => people[part] !== null || shares[part] > 0);
  return (
    <ul className="ledger-parts">
      {known.map((part) => (
        <li key={part} className={shares[part] > 0 ? '' : 'quiet small'}>
          {t(`ledgers.part.${part}`)} {people[part]?.name ?? t('ledgers.nobody')}
          {shares[part] > 0 && ` ${shares[part] / 100}%`}
        </li>
      ))}
    </ul>
  );
}

/** Only those who have a share: `销售 王小明 66.67%`. */
export function useSharesText(): (people: Sale['people'], shares: Shares) => string {
  const { t } = useTranslation();
  return (people, shares) =>
    PARTS.filter((part) => shares[part] > 0)
      .map((part) => `${t(`ledgers.part.${part}`)} ${people[part]?.name ?? ''} ${shares[part] / 100}%`)
      .join('、');
}
