import type { Answer } from '../../api/client.ts';

export type OverviewAnswer = Answer<'getOverview'>;
