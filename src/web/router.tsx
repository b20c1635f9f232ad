import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent } from '@tanstack/react-router';
import { Result } from 'antd';
import { useTranslation } from 'react-i18next';
import { Shell } from './frame/shell.tsx';

function NotFound() {
  const { t } = useTranslation();
  return <Result status="info" title={t('state.notFound')} extra={<Link to="/">{t('state.home')}</Link>} />;
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

/** Filters live in the URL, so that a view can be sent to a colleague. Unknown ones are dropped by the page that reads them. */
type Search = Readonly<Record<string, string | undefined>>;
function textSearch(search: Record<string, unknown>): Search {
  return Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[key, String(value)]] : [],
    ),
  );
}

const page = <Path extends string>(path: Path, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, name), validateSearch: textSearch });

const routes = root.addChildren([
  page('/', () => import('./pages/overview/overview.tsx'), 'Overview'),
  page('/workbench', () => import('./pages/workbench/workbench.tsx'), 'Workbench'),
  page('/calendar', () => import('./pages/calendar/calendar.tsx'), 'Calendar'),
  page('/meeting', () => import('./pages/meeting/meeting.tsx'), 'Meeting'),
  page('/board', () => import('./pages/meeting/board.tsx'), 'BoardPage'),
  page('/customers', () => import('./pages/customers/customers.tsx'), 'Customers'),
  page('/customers/$id', () => import('./pages/customers/customer.tsx'), 'CustomerPage'),
  page('/groups', () => import('./pages/groups/groups.tsx'), 'Groups'),
  page('/groups/$id', () => import('./pages/groups/group.tsx'), 'GroupPage'),
  page('/ledgers', () => import('./pages/ledgers/ledgers.tsx'), 'Ledgers'),
  page('/plans', () => import('./pages/plans/plans.tsx'), 'Plans'),
  page('/portfolios', () => import('./pages/portfolios/portfolios.tsx'), 'Portfolios'),
  page('/portfolios/$staffId', () => import('./pages/portfolios/portfolio.tsx'), 'PortfolioPage'),
  page('/transfers', () => import('./pages/transfers/transfers.tsx'), 'Transfers'),
  page('/handovers', () => import('./pages/handover/handovers.tsx'), 'Handovers'),
  page('/handovers/$id', () => import('./pages/handover/handover.tsx'), 'HandoverPage'),
  page('/notices', () => import('./pages/notices/notices.tsx'), 'Notices'),
  page('/schemes', () => import('./pages/schemes/schemes.tsx'), 'Schemes'),
  page('/schemes/compare', () => import('./pages/schemes/compare.tsx'), 'Compare'),
  page('/schemes/$id', () => import('./pages/schemes/scheme.tsx'), 'SchemePage'),
  page('/runs', () => import('./pages/runs/runs.tsx'), 'Runs'),
  page('/runs/$id', () => import('./pages/runs/run.tsx'), 'RunPage'),
  page('/exports', () => import('./pages/exports/exports.tsx'), 'Exports'),
  page('/feeds', () => import('./pages/feeds/feeds.tsx'), 'Feeds'),
  page('/organisation', () => import('./pages/organisation/organisation.tsx'), 'Organisation'),
  page('/audit', () => import('./pages/audit/audit.tsx'), 'Audit'),
  page('/account', () => import('./pages/account/account.tsx'), 'Account'),
  page('/setup', () => import('./pages/sign-in/set-up.tsx'), 'SetUp'),
  page('/api-docs', () => import('./pages/api-docs/api-docs.tsx'), 'ApiDocs'),
]);

export const router = createRouter({
  routeTree: routes,
  defaultPreload: 'intent',
  // The API gives text filters; the default would wrap them in quotes.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    ).toString();
    return text === '' ? '' : `?${text}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
