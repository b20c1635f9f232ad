import type { Answer } from '../../api/client.ts';

export type Detail = Answer<'getHandover'>;
