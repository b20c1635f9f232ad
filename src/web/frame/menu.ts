import type { Session } from '../ui/hooks.ts';

export const PLACES = [
  { to: '/workbench', key: 'workbench', permission: 'follow-ups.read' },
  { to: '/calendar', key: 'calendar', permission: 'contacts.record' },
  { to: '/meeting', key: 'meeting', permission: 'follow-ups.team' },
  { to: '/', key: 'overview', permission: 'overview.read' },
  { to: '/customers', key: 'customers', permission: 'customers.read' },
  { to: '/groups', key: 'groups', permission: 'groups.read' },
  { to: '/ledgers', key: 'ledgers', permission: 'follow-ups.read' },
  { to: '/plans', key: 'plans', permission: 'follow-ups.team' },
  { to: '/portfolios', key: 'portfolios', permission: 'portfolios.read' },
  { to: '/transfers', key: 'transfers', permission: 'transfers.read' },
  { to: '/handovers', key: 'handovers', permission: 'transfers.read' },
  { to: '/schemes', key: 'schemes', permission: 'schemes.read' },
  { to: '/runs', key: 'runs', permission: 'runs.read' },
  { to: '/exports', key: 'exports', permission: 'exports.make' },
  { to: '/feeds', key: 'feeds', permission: 'feeds.read' },
  { to: '/organisation', key: 'organisation', permission: 'organisation.read' },
  { to: '/audit', key: 'audit', permission: 'audit.read' },
] as const;
export type Place = (typeof PLACES)[number];

/** Only what one's role may use. */
export function placesFor(session: Session): readonly Place[] {
  return PLACES.filter(
    (place) => session.permissions.includes(place.permission) && !(session.sees === 'none' && place.to === '/'),
  );
}
