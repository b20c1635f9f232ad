import {
  AimOutlined,
  ApartmentOutlined,
  AuditOutlined,
  BankOutlined,
  CalendarOutlined,
  CheckSquareOutlined,
  DownloadOutlined,
  FundProjectionScreenOutlined,
  HomeOutlined,
  InboxOutlined,
  MenuOutlined,
  ReadOutlined,
  SearchOutlined,
  ShareAltOutlined,
  SolutionOutlined,
  SwapOutlined,
  TagsOutlined,
  TeamOutlined,
  UserOutlined,
  UserSwitchOutlined,
} from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Drawer } from 'antd';
import { type ReactNode, Suspense, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../api/client.ts';
import { switchLanguage } from '../i18n/index.ts';
import { MustEnrol } from '../pages/sign-in/second-factor.tsx';
import { SetUp } from '../pages/sign-in/set-up.tsx';
import { SignIn } from '../pages/sign-in/sign-in.tsx';
import { dayText, instantText } from '../ui/format.ts';
import { type Session, useLanguage, useSession, useSignOut } from '../ui/hooks.ts';
import { useRoleName } from '../ui/person.tsx';
import { Loaded } from '../ui/states.tsx';
import { UnitSelect, useUnits } from '../ui/unit-select.tsx';
import { Acting } from './acting.tsx';
import { Bell } from './bell.tsx';
import './frame.css';
import { KeysHelp } from './keys-help.tsx';
import { type Place, placesFor } from './menu.ts';
import { SearchPalette } from './search-palette.tsx';

const ICONS: Readonly<Record<Place['key'], ReactNode>> = {
  workbench: <CheckSquareOutlined />,
  calendar: <CalendarOutlined />,
  meeting: <FundProjectionScreenOutlined />,
  overview: <HomeOutlined />,
  groups: <TagsOutlined />,
  ledgers: <ReadOutlined />,
  plans: <AimOutlined />,
  customers: <TeamOutlined />,
  portfolios: <SolutionOutlined />,
  transfers: <SwapOutlined />,
  handovers: <UserSwitchOutlined />,
  schemes: <BankOutlined />,
  runs: <ShareAltOutlined />,
  exports: <DownloadOutlined />,
  feeds: <InboxOutlined />,
  organisation: <ApartmentOutlined />,
  audit: <AuditOutlined />,
};

/** The frame around every page: menu, top bar, search, and on a phone a bar at the bottom. */
export function Shell() {
  const session = useSession();
  const { pathname } = useLocation();
  // Whoever opens a one-time link may be somebody else than is signed in here.
  if (pathname === '/setup') return <SetUp />;
  return <Loaded query={session}>{(person) => <ShellOf person={person} />}</Loaded>;
}

function ShellOf({ person }: { person: Session | null }) {
  const { pathname } = useLocation();
  if (person === null) return <SignIn />;
  if (person.mustEnrol) return <MustEnrol />;
  if (pathname !== '/board') return <Framed session={person} />;
  // A television shows the page and nothing around it.
  return (
    <Suspense>
      <Outlet />
    </Suspense>
  );
}

function Framed({ session }: { session: Session }) {
  const { t } = useTranslation();
  const places = placesFor(session);
  const [searching, setSearching] = useState(false);
  return (
    <div className="frame">
      <Link to="/" className="brand">
        <Mark />
        {t('product')}
      </Link>
      <TopBar session={session} onSearch={() => setSearching(true)} />
      <aside className="side">
        <nav aria-label={t('product')}>
          {places.map((place) => (
            <Link key={place.to} to={place.to} activeOptions={{ exact: place.to === '/' }}>
              {ICONS[place.key]}
              {t(`menu.${place.key}`)}
            </Link>
          ))}
        </nav>
      </aside>
      <main className="main" id="main">
        <PrintMark session={session} />
        <Acting />
        {session.demo && <div className="demo-notice">{t('demoNotice')}</div>}
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <BottomBar places={places} />
      <SearchPalette open={searching} setOpen={setSearching} places={places} />
      <KeysHelp />
    </div>
  );
}

/** Who printed a page and when: on paper only, on each of its pages. */
function PrintMark({ session }: { session: Session }) {
  const { t } = useTranslation();
  const [at, setAt] = useState(() => new Date().toISOString());
  useEffect(() => {
    const stamp = () => flushSync(() => setAt(new Date().toISOString()));
    window.addEventListener('beforeprint', stamp);
    return () => window.removeEventListener('beforeprint', stamp);
  }, []);
  const { name, staffId } = session;
  return <div className="print-mark">{t('exports.printed', { name, staffId, at: instantText(at) })}</div>;
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="6" fill="#1D4E89" />
      <path d="M8 23V12l8-5 8 5v11z" fill="none" stroke="#fff" strokeWidth="2.4" />
      <circle cx="16" cy="17" r="3" fill="#fff" />
    </svg>
  );
}

function TopBar({ session, onSearch }: { session: Session; onSearch: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const roleName = useRoleName();
  const signOut = useSignOut();
  const seesCustomers = session.permissions.includes('overview.read');
  const day = useQuery({
    queryKey: ['overview', undefined],
    queryFn: async () => unwrap(await api.GET('/api/overview', { params: { query: {} } })),
    enabled: seesCustomers,
  });
  const closed = day.data?.businessDate ?? null;
  return (
    <header className="top">
      <span className="where">
        <UnitSwitch session={session} />
        {seesCustomers && day.data !== undefined && (
          <span className="quiet wide">
            {' '}
            · {closed === null ? t('top.notClosed') : `${dayText(closed, language)} ✓ ${t('top.closed')}`}
          </span>
        )}
      </span>
      <span className="spring" />
      <Button icon={<SearchOutlined />} onClick={onSearch} aria-label={t('top.search')}>
        <span className="wide">
          {t('top.search')} <kbd>Ctrl K</kbd>
        </span>
      </Button>
      <Button type="text" onClick={switchLanguage}>
        {t('top.language')}
      </Button>
      <Bell />
      <Link to="/account" className="me" aria-label={t('account.mine')}>
        <UserOutlined aria-hidden />
        <span className="wide">
          {' '}
          {session.name} · {roleName(session.role)}
        </span>
      </Link>
      <Button type="text" onClick={() => void signOut()}>
        {t('top.signOut')}
      </Button>
    </header>
  );
}

/** Pages that can be looked at for one unit. */
const BY_UNIT = /^\/($|customers$|portfolios$|runs\/|organisation$)/;

/** Looks at another unit in scope: the same page where it can be, else that unit's overview. */
function UnitSwitch({ session }: { session: Session }) {
  const { unit } = useSearch({ strict: false });
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const several = (useUnits().data?.length ?? 0) > 1 && session.sees === 'unit';
  if (!several) return <strong>{session.unitName}</strong>;
  const choose = (chosen: string | undefined) =>
    void (BY_UNIT.test(pathname)
      ? navigate({ to: pathname, search: { ...search, unit: chosen } })
      : navigate({ to: '/', search: { unit: chosen } }));
  return <UnitSelect inTopBar value={unit} onChange={choose} placeholder={session.unitName} />;
}

function BottomBar({ places }: { places: readonly Place[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const few = places.length > 4;
  return (
    <nav className="bottom" aria-label={t('menu.more')}>
      {places.slice(0, few ? 3 : 4).map((place) => (
        <Link key={place.to} to={place.to} activeOptions={{ exact: place.to === '/' }}>
          {ICONS[place.key]}
          {t(`menu.${place.key}`)}
        </Link>
      ))}
      {few && (
        <button type="button" onClick={() => setOpen(true)}>
          <MenuOutlined />
          {t('menu.more')}
        </button>
      )}
      <Drawer open={open} onClose={() => setOpen(false)} placement="bottom" title={t('menu.more')}>
        <ul className="plain-list">
          {places.slice(3).map((place) => (
            <li key={place.to}>
              <Link to={place.to} onClick={() => setOpen(false)}>
                {ICONS[place.key]} {t(`menu.${place.key}`)}
              </Link>
            </li>
          ))}
        </ul>
      </Drawer>
    </nav>
  );
}
