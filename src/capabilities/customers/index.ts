export { assignmentsTaker } from './assignments-feed.ts';
export { type CustomersChanged, customersTaker } from './feeds.ts';
export {
  ERASED_NAME,
  eraseIdentity,
  fieldOf,
  IDENTITY_FIELDS,
  type IdentityField,
  readIdentity,
  setIdentity,
} from './identity.ts';
export { positionsTaker } from './positions-feed.ts';
export { stagedAmong } from './store.ts';
