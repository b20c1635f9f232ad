// The door of customer groups for what composes the night, and for whom seats and rights of persons concern.

export { groupTable } from './service/export.ts';
export { eraseGroups, followSeats, forgetGroups } from './service/facts.ts';
export { refreshGroups } from './service/refresh.ts';
