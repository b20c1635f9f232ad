import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Select, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count, shortMoney } from '../../ui/format.ts';
import { useLanguage, usePhone, useWords } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Person } from '../../ui/person.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import './schemes.css';

type Comparison = Answer<'compareSchemes'>;

/** Two versions side by side: who would change band, and who manager. */
export function Compare() {
  const { t } = useTranslation();
  const { a, b } = useSearch({ strict: false });
  const ready = a !== undefined && b !== undefined;
  const query = useQuery({
    queryKey: ['compare', a, b],
    queryFn: async () => unwrap(await api.GET('/api/schemes/compare', { params: { query: { a: a ?? '', b: b ?? '' } } })),
    enabled: ready,
    staleTime: 300_000,
  });
  if (!ready) return <Page answer={t('schemes.compareChoose')}>{<Chooser a={a} b={b} />}</Page>;
  return <Loaded query={query}>{(data) => <ComparisonOf data={data} />}</Loaded>;
}

function Chooser({ a, b }: { a: string | undefined; b: string | undefined }) {
  const { t } = useTranslation();
  const words = useWords();
  const navigate = useNavigate();
  const list = useQuery({ queryKey: ['schemes'], queryFn: async () => unwrap(await api.GET('/api/schemes')).items });
  const options = (list.data ?? []).map((item) => ({
    value: item.schemeId,
    label: `${words(item.title)} v${item.version} · ${t(`schemes.state.${item.state}`)}`,
  }));
  const choose = (search: { a: string | undefined; b: string | undefined }) => void navigate({ to: '/schemes/compare', search });
  return (
    <div className="chips">
      <Select
        className="version-select"
        aria-label={t('schemes.from')}
        options={options}
        value={a ?? null}
        onChange={(value) => choose({ a: value ?? undefined, b })}
      />
      <span className="quiet">→</span>
      <Select
        className="version-select"
        aria-label={t('schemes.to')}
        options={options}
        value={b ?? null}
        onChange={(value) => choose({ a, b: value ?? undefined })}
      />
    </div>
  );
}

function ComparisonOf({ data }: { data: Comparison }) {
  const { t } = useTranslation();
  const words = useWords();
  const name = (scheme: Comparison['a']) => `${words(scheme.title)} v${scheme.version}`;
  return (
    <Page
      answer={t('schemes.compareAnswer', {
        a: name(data.a),
        b: name(data.b),
        bands: count(data.changeBand),
        managers: count(data.changeManager),
        coveredA: count(data.covered.a),
        coveredB: count(data.covered.b),
        neededA: count(data.staffNeeded.a),
        neededB: count(data.staffNeeded.b),
      })}
    >
      <p className="quiet lead">{t('schemes.compareLead')}</p>
      <Chooser a={data.a.schemeId} b={data.b.schemeId} />
      {data.bandMoves.length === 0 && data.examples.length === 0 ? (
        <Nothing>{t('schemes.compareSame')}</Nothing>
      ) : (
        <>
          <Section title={t('schemes.bandMoves')}>
            <BandMoves data={data} />
          </Section>
          <Section title={t('schemes.examples')}>
            <Examples data={data} />
          </Section>
        </>
      )}
    </Page>
  );
}

/** Names of bands by id, from the two schemes. */
function useBandName(data: Comparison): (side: 'a' | 'b', id: string | null) => string {
  const { t } = useTranslation();
  const words = useWords();
  const details = {
    a: useScheme(data.a.schemeId),
    b: useScheme(data.b.schemeId),
  };
  return (side, id) => {
    if (id === null) return t('schemes.noBand');
    const band = details[side].data?.bands.find((candidate) => candidate.id === id);
    return band === undefined ? id : words(band.title);
  };
}

function useScheme(id: string) {
  return useQuery({
    queryKey: ['scheme', id],
    queryFn: async () => unwrap(await api.GET('/api/schemes/{id}', { params: { path: { id } } })),
    staleTime: 300_000,
  });
}

function BandMoves({ data }: { data: Comparison }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const bandName = useBandName(data);
  return (
    <Table<Comparison['bandMoves'][number]>
      size="small"
      rowKey={(move) => `${move.from} ${move.to}`}
      pagination={false}
      dataSource={data.bandMoves}
      columns={[
        { title: t('schemes.from'), key: 'from', render: (_, move) => bandName('a', move.from) },
        { title: t('schemes.to'), key: 'to', render: (_, move) => bandName('b', move.to) },
        { title: t('schemes.count'), dataIndex: 'customers', align: 'right', render: count },
        {
          title: t('schemes.assets'),
          dataIndex: 'assetsFen',
          align: 'right',
          render: (fen: number) => shortMoney(fen, language),
        },
      ]}
    />
  );
}

function Examples({ data }: { data: Comparison }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const phone = usePhone();
  const bandName = useBandName(data);
  type Example = Comparison['examples'][number];
  const customer = (row: Example) => (
    <Link to="/customers/$id" params={{ id: row.customerId }}>
      {row.name}
    </Link>
  );
  if (phone) {
    return data.examples.map((row) => (
      <div key={row.customerId} className="card-row">
        <div className="card">
          <div className="line">
            {customer(row)}
            <span>{shortMoney(row.averageFen, language)}</span>
          </div>
          <div className="quiet">
            {bandName('a', row.fromBand)} → {bandName('b', row.toBand)}
          </div>
          <div>
            <Person person={row.fromStaff} short /> → <Person person={row.toStaff} short />
          </div>
        </div>
      </div>
    ));
  }
  return (
    <Table<Example>
      size="small"
      rowKey="customerId"
      pagination={false}
      dataSource={data.examples}
      columns={[
        { title: t('schemes.customer'), key: 'name', render: (_, row) => customer(row) },
        {
          title: t('schemes.average'),
          dataIndex: 'averageFen',
          align: 'right',
          render: (fen: number) => shortMoney(fen, language),
        },
        { title: t('schemes.from'), key: 'from', render: (_, row) => bandName('a', row.fromBand) },
        { title: t('schemes.to'), key: 'to', render: (_, row) => bandName('b', row.toBand) },
        { title: t('schemes.managerFrom'), key: 'before', render: (_, row) => <Person person={row.fromStaff} /> },
        { title: t('schemes.managerTo'), key: 'after', render: (_, row) => <Person person={row.toStaff} /> },
      ]}
    />
  );
}
