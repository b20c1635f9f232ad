import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Tabs } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useSession } from '../../ui/hooks.ts';
import { Loaded } from '../../ui/states.tsx';
import { Corrections } from './corrections.tsx';
import { WorkLog } from './log.tsx';
import { Overview } from './overview.tsx';
import { Register } from './register.tsx';
import { Sales } from './sales.tsx';
import './ledgers.css';

/** 台账: the five registers [S0], each as it stands and as it hangs on the wall. */
export function Ledgers() {
  const overview = useQuery({
    queryKey: ['overview', undefined],
    queryFn: async () => unwrap(await api.GET('/api/overview', { params: { query: {} } })),
  });
  return <Loaded query={overview}>{({ businessDate }) => <Tabbed day={businessDate ?? dayjs().format('YYYY-MM-DD')} />}</Loaded>;
}

/** `day` is the newest closed one: registers open on it and its month. */
function Tabbed({ day }: { day: string }) {
  const { t } = useTranslation();
  const { tab } = useSearch({ strict: false });
  const navigate = useNavigate();
  const leads = useSession().data?.permissions.includes('follow-ups.team') ?? false;
  const items = [
    { key: 'overview', label: t('ledgers.tab.overview'), children: <Overview /> },
    { key: 'customers', label: t('ledgers.tab.customers'), children: <Register /> },
    { key: 'funds', label: t('ledgers.tab.funds'), children: <Sales kind="fund" newest={day} /> },
    { key: 'sales', label: t('ledgers.tab.sales'), children: <Sales newest={day} /> },
    { key: 'log', label: t('ledgers.tab.log'), children: <WorkLog leads={leads} newest={day} /> },
    { key: 'corrections', label: t('ledgers.tab.corrections'), children: <Corrections /> },
  ];
  return (
    <div className="page">
      <Tabs
        activeKey={items.some(({ key }) => key === tab) ? (tab ?? '') : 'overview'}
        items={items}
        destroyOnHidden
        onChange={(key) => void navigate({ to: '/ledgers', search: { tab: key } })}
      />
    </div>
  );
}
