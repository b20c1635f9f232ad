// The door of outreach: what hands over to the gateway and takes its answers.
export { fileAdapter } from './service/file-adapter.ts';
export { handOver } from './service/hand-over.ts';
export { activatePolicy, policyInForce, readPolicy, shippedPolicy } from './service/policy.ts';
export { takeReceipts } from './service/receipts.ts';
export { eraseOutreach } from './service/stops.ts';
