// The door of plans for what composes exports.

export { putInForce } from './service/plans.ts';
export { planTable } from './service/table.ts';
