export { orgUnitsTaker, staffTaker, type UnitsChanged } from './feeds.ts';
export { ORGANISATION_ROUTES } from './routes.ts';
