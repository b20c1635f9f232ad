import type { Answer, RowOf } from '../../api/client.ts';

export type Workbench = Answer<'getWorkbench'>;
export type DeskRow = RowOf<'listFollowUps'>;
export type FollowUp = DeskRow['followUps'][number];
export type Work = Answer<'customerWork'>;
export type Contact = Work['contacts'][number];
export type Bucket = DeskRow['bucket'];
export const BUCKETS: readonly Bucket[] = ['overdue', 'today', 'week', 'later'];
