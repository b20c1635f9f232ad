import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { count } from '../../ui/format.ts';
import { usePhone } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { useCategoryName } from '../customers/category.ts';
import type { Import } from './row.ts';
import { wanText } from './wan.ts';

type Category = NonNullable<Import['effect']['categories']>[number];

/** A change with sign and arrow; up and down differ in colour and in shape. */
function Change({ fen }: { fen: string }) {
  const value = BigInt(fen);
  if (value === 0n) return <span className="quiet">–</span>;
  return value > 0n ? <span className="up">{`↑ +${wanText(fen)}`}</span> : <span className="down">{`↓ ${wanText(fen)}`}</span>;
}

/** What accepting the file does: rows by kind, and for positions the balances before and after. */
export function Effect({ record }: { record: Import }) {
  const { t } = useTranslation();
  const { effect } = record;
  const kinds = [
    ['added', effect.added],
    ['changed', effect.changed],
    ['closed', effect.closed],
    ['same', effect.same],
  ] as const;
  return (
    <Section title={t('feeds.effect')} extra={record.feed === 'positions' && <ComparedWith day={effect.comparedWith ?? null} />}>
      <dl className="effect-kinds">
        {kinds.map(([kind, rows]) =>
          rows === undefined ? null : (
            <div key={kind}>
              <dt>{t(`feeds.${kind}`)}</dt>
              <dd>{count(rows)}</dd>
            </div>
          ),
        )}
        {effect.customersAfter !== undefined && (
          <div>
            <dt>{t('feeds.customers')}</dt>
            <dd>{`${count(effect.customersBefore ?? 0)} → ${count(effect.customersAfter)}`}</dd>
          </div>
        )}
      </dl>
      {record.held > 0 && <p className="tag-risk">{t('feeds.held', { n: count(record.held) })}</p>}
      {effect.categories !== undefined && <Categories categories={effect.categories} />}
    </Section>
  );
}

function ComparedWith({ day }: { day: string | null }) {
  const { t } = useTranslation();
  return <span className="quiet">{day === null ? t('feeds.comparedNone') : t('feeds.comparedWith', { day })}</span>;
}

/** Debts aren't summed with what customers own. */
const DEBTS: ReadonlySet<string> = new Set(['loan', 'credit-card', 'service']);

function Categories({ categories }: { categories: Category[] }) {
  const { t } = useTranslation();
  const categoryName = useCategoryName();
  const phone = usePhone();
  const difference = (row: Category) => String(BigInt(row.afterFen) - BigInt(row.beforeFen));
  const owned = categories.filter((row) => !DEBTS.has(row.category));
  const sum = (of: (row: Category) => string) => String(owned.reduce((total, row) => total + BigInt(of(row)), 0n));
  const total = { category: '', beforeFen: sum((row) => row.beforeFen), afterFen: sum((row) => row.afterFen) };
  return (
    <Table<Category>
      size="small"
      pagination={false}
      rowKey="category"
      dataSource={[...owned, total, ...categories.filter((row) => DEBTS.has(row.category))]}
      rowClassName={(row) => (row.category === '' ? 'row-total' : '')}
      columns={[
        {
          title: t('feeds.category'),
          key: 'category',
          render: (_, row) => (row.category === '' ? t('customers.holdingsTotal', { assets: '' }) : categoryName(row.category)),
        },
        ...(phone
          ? []
          : [
              {
                title: t('feeds.before'),
                key: 'before',
                align: 'right' as const,
                render: (_: unknown, row: Category) => wanText(row.beforeFen),
              },
            ]),
        { title: t('feeds.after'), key: 'after', align: 'right', render: (_, row) => wanText(row.afterFen) },
        { title: t('feeds.difference'), key: 'difference', align: 'right', render: (_, row) => <Change fen={difference(row)} /> },
      ]}
    />
  );
}
