import type { AnyRoute } from '../platform/http/route.ts';

/** Every route of every capability, in the order in which news flows. */
export const ROUTES: readonly AnyRoute[] = [];
