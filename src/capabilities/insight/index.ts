// The door of insight: what composes the night and the command line.
export { countPeers } from './service/peers.ts';
export { activateRates, ratesInForce, readRates, shippedRates } from './service/rates.ts';
