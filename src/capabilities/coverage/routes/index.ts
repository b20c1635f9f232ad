import type { AnyRoute } from '../../../platform/http/route.ts';
import { chainRoutes } from './chain.ts';
import { claimRoutes } from './claims.ts';
import { customerRoutes } from './customers.ts';
import { handoverRoutes } from './handovers.ts';
import { keepRoutes } from './keeps.ts';
import { lockRoutes } from './locks.ts';
import { overviewRoutes } from './overview.ts';
import { portfolioRoutes } from './portfolios.ts';
import { runActionRoutes } from './run-actions.ts';
import { runReadRoutes } from './runs.ts';
import { schemeRoutes } from './schemes.ts';
import { teamRoutes } from './teams.ts';
import { batchRoutes } from './transfer-batches.ts';
import { transferRoutes } from './transfers.ts';

/** Every route of coverage. */
export const COVERAGE_ROUTES: readonly AnyRoute[] = [
  ...overviewRoutes,
  ...customerRoutes,
  ...chainRoutes,
  ...portfolioRoutes,
  ...runReadRoutes,
  ...runActionRoutes,
  ...schemeRoutes,
  ...transferRoutes,
  ...batchRoutes,
  ...lockRoutes,
  ...claimRoutes,
  ...handoverRoutes,
  ...keepRoutes,
  ...teamRoutes,
];
