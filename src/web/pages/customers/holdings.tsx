import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { yuan } from '../../ui/format.ts';
import { usePhone } from '../../ui/hooks.ts';
import { Nothing } from '../../ui/states.tsx';
import type { Customer } from './answer.ts';
import { useCategoryName } from './category.ts';

type Holding = Customer['holdings'][number];

/** Debts and services stand among the holdings, but not in the assets (DOMAIN §2). */
const NOT_ASSETS: ReadonlySet<string> = new Set(['loan', 'credit-card', 'service']);

interface Group {
  readonly category: string;
  readonly fen: number;
  readonly rows: readonly Holding[];
}

/** Holdings by category, the largest first, what is no asset last. */
export function byCategory(holdings: readonly Holding[]): Group[] {
  const categories = [...new Set(holdings.map((row) => row.category))];
  const rank = (group: Group) => (NOT_ASSETS.has(group.category) ? 1 : 0);
  return categories
    .map((category) => {
      const rows = holdings.filter((row) => row.category === category);
      return { category, rows, fen: rows.reduce((sum, row) => sum + row.balanceFen, 0) };
    })
    .sort((a, b) => rank(a) - rank(b) || b.fen - a.fen);
}

export function Holdings({ holdings }: { holdings: readonly Holding[] }) {
  const { t } = useTranslation();
  const categoryName = useCategoryName();
  const phone = usePhone();
  if (holdings.length === 0) return <Nothing>{t('customers.holdingsNone')}</Nothing>;
  const bare = (fen: number) => yuan(fen).slice(1);
  return (
    <table className="holdings">
      <thead>
        <tr>
          <th>{t('customers.product')}</th>
          {!phone && <th>{t('level.outlet')}</th>}
          {!phone && <th>{t('customers.matures')}</th>}
          <th className="number">{t('customers.balance')}</th>
        </tr>
      </thead>
      <tbody>
        {byCategory(holdings).map((group) => (
          <Fragment key={group.category}>
            <tr className="group">
              <th colSpan={phone ? 1 : 3} scope="colgroup">
                {categoryName(group.category)}
                {NOT_ASSETS.has(group.category) && <span className="quiet small"> {t('customers.notAsset')}</span>}
              </th>
              <td className="number">{bare(group.fen)}</td>
            </tr>
            {group.rows.map((row) => (
              <tr key={`${row.productCode}${row.outlet.id}`}>
                <td>
                  {row.productName}
                  {phone && row.maturesOn !== null && (
                    <div className="quiet small">{`${t('customers.matures')} ${row.maturesOn}`}</div>
                  )}
                </td>
                {!phone && <td className="quiet">{row.outlet.name}</td>}
                {!phone && <td className="quiet">{row.maturesOn ?? '–'}</td>}
                <td className="number">{bare(row.balanceFen)}</td>
              </tr>
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}
