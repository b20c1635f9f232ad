import { nonceOwnStyles } from './csp.ts';

// Imported before anything else, so that no style is made without the nonce.
nonceOwnStyles();
