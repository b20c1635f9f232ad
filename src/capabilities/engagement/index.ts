// The door of engagement for the command line, the routes and what composes the night.

export { complaintSince } from './reads/complaints.ts';
export { queueOf } from './reads/queue.ts';
export { CHANNEL_NAMES, CHANNELS, OUTCOME_NAMES, OUTCOMES } from './rules/contact.ts';
export { activateCatalogue, catalogueInForce, readCatalogue, shippedRules } from './service/catalogues.ts';
export { recordSent } from './service/contacts.ts';
export { contactsTaker } from './service/contacts-feed.ts';
export { catchUp, evaluateFollowUps, noteCustomers, notePositions } from './service/evaluate.ts';
export { addHistory } from './service/history.ts';
export { eraseProfile } from './service/profiles.ts';
export { simulateCatalogue } from './service/simulate.ts';
export { followUpTable } from './service/tables.ts';
export { startCatchingUp } from './service/watch.ts';
