import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count, percent, shortMoney, yuan } from '../../ui/format.ts';
import { useLanguage, useWords } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { useCategoryName } from './category.ts';

type Insight = Answer<'customerInsight'>;

/** What a customer holds by kind, is worth to the bank with the sum, has maturing, and lacks that similar customers have. */
export function InsightCards({ customerId }: { customerId: string }) {
  const insight = useQuery({
    queryKey: ['insight', customerId],
    queryFn: async () => unwrap(await api.GET('/api/customers/{id}/insight', { params: { path: { id: customerId } } })),
  });
  return (
    <Loaded query={insight}>
      {(data) => (
        <>
          <Value insight={data} />
          <Maturities insight={data} />
          <Peers insight={data} />
        </>
      )}
    </Loaded>
  );
}

function Value({ insight: { value, mix } }: { insight: Insight }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const categoryName = useCategoryName();
  const lineOf = (category: string) => value?.lines.find((line) => line.category === category);
  return (
    <Section
      title={t('customers.value')}
      extra={
        value && (
          <strong title={yuan(value.yearFen)}>{t('customers.valueYear', { money: shortMoney(value.yearFen, language) })}</strong>
        )
      }
    >
      {mix.length === 0 && <p className="quiet">{t('customers.holdingsNone')}</p>}
      {mix.length > 0 && (
        <table className="insight-table">
          <thead>
            <tr>
              <th scope="col">{t('customers.kind')}</th>
              <th scope="col">{t('customers.balanceYuan')}</th>
              <th scope="col">{t('customers.rate')}</th>
              <th scope="col">{t('customers.yearYuan')}</th>
            </tr>
          </thead>
          <tbody>
            {mix.map(({ category, balanceFen }) => (
              <tr key={category}>
                <td>{categoryName(category)}</td>
                <td>{yuan(balanceFen)}</td>
                <td>{lineOf(category) ? t('customers.ratePercent', { n: (lineOf(category)?.basisPoints ?? 0) / 100 }) : '—'}</td>
                <td>{yuan(lineOf(category)?.yearFen ?? 0)}</td>
              </tr>
            ))}
          </tbody>
          {value && (
            <tfoot>
              <tr>
                <th scope="row">{t('customers.sum')}</th>
                <td />
                <td />
                <td>{yuan(value.yearFen)}</td>
              </tr>
            </tfoot>
          )}
        </table>
      )}
      <p className="quiet small">
        {value === null
          ? t('customers.valueNone')
          : t('customers.valueHow', { rates: words(value.title), version: value.version })}
      </p>
    </Section>
  );
}

function Maturities({ insight: { maturities } }: { insight: Insight }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (maturities.length === 0) return null;
  return (
    <Section title={t('customers.maturities')}>
      <ul className="plain-list">
        {maturities.map(({ on, productName, balanceFen }) => (
          <li key={`${on} ${productName} ${balanceFen}`} className="insight-line">
            <span>
              {on} {productName}
            </span>
            <span title={yuan(balanceFen)}>{shortMoney(balanceFen, language)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Peers({ insight: { peers } }: { insight: Insight }) {
  const { t } = useTranslation();
  const words = useWords();
  const categoryName = useCategoryName();
  return (
    <Section title={t('customers.peers')}>
      {peers === null && <p className="quiet">{t('customers.peersNone')}</p>}
      {peers !== null && (
        <>
          {peers.missing.length === 0 && <p>{t('customers.peersAll')}</p>}
          <ul className="plain-list">
            {peers.missing.map(({ category, holders }) => (
              <li key={category} className="insight-line">
                <span>{categoryName(category)}</span>
                <span>
                  {t('customers.peersHold', {
                    n: count(holders),
                    of: count(peers.customers),
                    percent: percent(holders, peers.customers),
                  })}
                </span>
              </li>
            ))}
          </ul>
          <p className="quiet small">
            {t(peers.ageTo === null ? 'customers.peersHowOpen' : 'customers.peersHow', {
              tier: words(peers.tierTitle),
              from: peers.ageFrom,
              to: (peers.ageTo ?? 0) - 1,
              n: count(peers.customers),
              asOf: peers.asOf,
            })}
          </p>
        </>
      )}
    </Section>
  );
}
