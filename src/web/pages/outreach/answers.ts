import type { Answer } from '../../api/client.ts';

export type Outreach = Answer<'customerOutreach'>;
