import type { AnyRoute } from '../../platform/http/route.ts';
import { exportRoutes } from './routes/exports.ts';
import { revealRoutes } from './routes/reveal.ts';

export { exportLimit, setExportLimit } from './service/limit.ts';

/** Every route by which personal data leaves its mask or the server. */
export const DISCLOSURE_ROUTES: readonly AnyRoute[] = [...revealRoutes, ...exportRoutes];
