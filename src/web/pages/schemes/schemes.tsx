import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Table } from 'antd';
import { Trans, useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { count, instantText } from '../../ui/format.ts';
import { usePhone, useSession, useWords } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Actor } from '../../ui/person.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import './schemes.css';
import { StateTag, useMeasureName } from './words.tsx';

type Summary = RowOf<'listSchemes'>;

/** Every version of every scheme, the one in force first. */
export function Schemes() {
  const query = useQuery({
    queryKey: ['schemes'],
    queryFn: async () => unwrap(await api.GET('/api/schemes')).items,
  });
  return <Loaded query={query}>{(items) => <SchemesOf items={items} />}</Loaded>;
}

function SchemesOf({ items }: { items: readonly Summary[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const active = items.find((item) => item.state === 'active');
  const answer =
    active === undefined ? (
      t('schemes.list.none', { n: count(items.length) })
    ) : (
      <Trans
        i18nKey="schemes.list.answer"
        values={{
          title: words(active.title),
          version: active.version,
          date: active.activatedOn ?? '',
          n: count(items.length),
        }}
        components={{ active: <Link to="/schemes/$id" params={{ id: active.schemeId }} /> }}
      />
    );
  return (
    <Page answer={answer}>
      <Section title={t('schemes.column.title')}>
        {items.length === 0 ? <Nothing>{t('schemes.list.empty')}</Nothing> : <Versions items={items} active={active} />}
      </Section>
    </Page>
  );
}

function Versions({ items, active }: { items: readonly Summary[]; active: Summary | undefined }) {
  const { t } = useTranslation();
  const words = useWords();
  const phone = usePhone();
  const measureName = useMeasureName();
  const navigate = useNavigate();
  const compares = useSession().data?.permissions.includes('bank.schemes') ?? false;
  const open = (item: Summary) => void navigate({ to: '/schemes/$id', params: { id: item.schemeId } });
  if (phone) {
    return (
      <div className="cards">
        {items.map((item) => (
          <div key={item.schemeId} className="card-row">
            <button type="button" onClick={() => open(item)}>
              <div className="card">
                <div className="line">
                  <strong>{words(item.title)}</strong>
                  <StateTag state={item.state} />
                </div>
                <div className="line quiet">
                  <span>
                    {t('schemes.column.version')} {item.version}
                  </span>
                  <span>{item.activatedOn ?? instantText(item.createdAt)}</span>
                </div>
              </div>
            </button>
          </div>
        ))}
      </div>
    );
  }
  return (
    <Table<Summary>
      size="small"
      rowKey="schemeId"
      pagination={false}
      dataSource={[...items]}
      columns={[
        {
          title: t('schemes.column.title'),
          key: 'title',
          render: (_, item) => (
            <Link to="/schemes/$id" params={{ id: item.schemeId }}>
              {words(item.title)}
            </Link>
          ),
        },
        { title: t('schemes.column.version'), dataIndex: 'version', align: 'right', width: 80 },
        { title: t('schemes.column.state'), key: 'state', width: 100, render: (_, item) => <StateTag state={item.state} /> },
        { title: t('schemes.column.measure'), key: 'measure', render: (_, item) => measureName(item.measure) },
        { title: t('schemes.column.since'), dataIndex: 'activatedOn', render: (day: string | null) => day ?? '–' },
        { title: t('schemes.column.by'), dataIndex: 'createdBy', render: (id: string) => <Actor staffId={id} /> },
        { title: t('schemes.column.at'), dataIndex: 'createdAt', render: instantText },
        {
          key: 'compare',
          align: 'right',
          render: (_, item) =>
            compares &&
            active !== undefined &&
            item.schemeId !== active.schemeId && (
              <Link to="/schemes/compare" search={{ a: active.schemeId, b: item.schemeId }}>
                {t('schemes.column.compare')}
              </Link>
            ),
        },
      ]}
    />
  );
}
