import type { AnyRoute } from '../../platform/http/route.ts';
import { reportRoutes } from './routes/report.ts';
import { rightsRoutes } from './routes/rights.ts';

export { dueForErasure, holdsStanding } from './reads/due.ts';
export { PURPOSES, REQUEST_KINDS } from './rules/rights.ts';
export { recordConsent } from './service/consent.ts';
export { keepRights } from './service/follow-feed.ts';
export { personReport } from './service/report.ts';
export { askForPerson } from './service/requests.ts';

/** Every route by which a person's own rights are carried out. */
export const PERSONAL_ROUTES: readonly AnyRoute[] = [...reportRoutes, ...rightsRoutes];
