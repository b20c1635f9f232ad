export { orgUnitsTaker, staffTaker, type UnitsChanged } from './feeds.ts';
