import type { AnyRoute } from '../../platform/http/route.ts';
import { reportRoutes } from './routes/report.ts';

export { personReport } from './service/report.ts';

/** Every route by which a person's own rights are carried out. */
export const PERSONAL_ROUTES: readonly AnyRoute[] = [...reportRoutes];
