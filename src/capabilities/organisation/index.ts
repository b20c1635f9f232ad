export { orgUnitsTaker, staffTaker, type UnitsChanged } from './feeds.ts';
export { settleHeirs } from './history.ts';
export { ORGANISATION_ROUTES } from './routes.ts';
export type { Renumbered } from './store.ts';
