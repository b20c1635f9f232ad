import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Alert, App, Button, Popconfirm, Table, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useErrorText, usePhone, useWords } from '../../ui/hooks.ts';
import { Loaded, Nothing } from '../../ui/states.tsx';

type Claims = Answer<'listClaims'>;
type Offer = Claims['items'][number];

/** Customers of one's unit whom nobody has: claimed at once, or asked for while portfolios are locked. */
export function ClaimList() {
  const claims = useQuery({ queryKey: ['claims'], queryFn: async () => unwrap(await api.GET('/api/claims')) });
  return <Loaded query={claims}>{(data) => <Offers claims={data} />}</Loaded>;
}

function Offers({ claims }: { claims: Claims }) {
  const { t } = useTranslation();
  const { locked, eligible, load, items, more } = claims;
  if (!eligible) return <Nothing>{t('transfers.claims.notEligible')}</Nothing>;
  if (items.length === 0) return <Nothing>{t('transfers.claims.empty')}</Nothing>;
  const mine =
    load === null
      ? ''
      : load.atMost === null
        ? t('transfers.loadOpen', { n: count(load.customers) })
        : t('transfers.load', { n: count(load.customers), most: count(load.atMost) });
  return (
    <>
      {locked !== null && <Alert className="transfer-locked" type="info" showIcon title={t('transfers.claims.locked')} />}
      <p className="quiet">
        {t('transfers.claims.text')} {mine !== '' && t('transfers.claims.mine', { load: mine })}
      </p>
      <OfferTable items={items} locked={locked !== null} />
      {more && <p className="quiet small">{t('transfers.claims.more', { n: count(items.length) })}</p>}
    </>
  );
}

function OfferTable({ items, locked }: { items: readonly Offer[]; locked: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const phone = usePhone();
  const name = (row: Offer) => (
    <>
      {row.name} <span className="quiet">{row.customerId}</span>
    </>
  );
  const kind = (row: Offer) => [words(row.bandTitle), words(row.tierTitle)].filter(Boolean).join(' · ');
  if (phone)
    return (
      <div className="cards">
        {items.map((row) => (
          <div key={row.customerId} className="card-row">
            <div className="card">
              <div className="line">
                <span>{name(row)}</span>
                <ClaimButton row={row} locked={locked} />
              </div>
              <span className="quiet">{[row.outlet?.name, kind(row)].filter(Boolean).join(' · ')}</span>
            </div>
          </div>
        ))}
      </div>
    );
  return (
    <Table<Offer>
      size="small"
      rowKey={(row) => row.customerId}
      dataSource={[...items]}
      pagination={false}
      columns={[
        { title: t('transfers.column.customer'), key: 'customer', render: (_, row) => name(row) },
        { title: t('transfers.claims.outlet'), key: 'outlet', render: (_, row) => row.outlet?.name },
        { title: t('transfers.claims.band'), key: 'band', render: (_, row) => kind(row) },
        { title: '', key: 'claim', align: 'right', render: (_, row) => <ClaimButton row={row} locked={locked} /> },
      ]}
    />
  );
}

function ClaimButton({ row, locked }: { row: Offer; locked: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const claim = useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/claims', { body: { customerId: row.customerId } })),
    onSuccess: (sent) => {
      void message.success(t(sent.state === 'claimed' ? 'transfers.claims.done' : 'transfers.requestSent'));
      if (sent.state !== 'claimed') void navigate({ to: '/transfers', search: { tab: 'mine', id: sent.transferId } });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: () => queries.invalidateQueries(),
  });
  if (!row.may.includes('claim')) return <Tag title={words(row.problem)}>{words(row.problem)}</Tag>;
  return (
    <Popconfirm
      title={t(locked ? 'transfers.claims.askLocked' : 'transfers.claims.ask', { name: row.name })}
      okText={t('transfers.claims.claim')}
      cancelText={t('cancel')}
      onConfirm={() => claim.mutate()}
    >
      <Button loading={claim.isPending}>{t('transfers.claims.claim')}</Button>
    </Popconfirm>
  );
}
