export { assignmentsTaker } from './assignments-feed.ts';
export { type CustomersChanged, customersTaker } from './feeds.ts';
export { positionsTaker } from './positions-feed.ts';
