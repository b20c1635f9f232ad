import type { RowOf } from '../../api/client.ts';

export type Import = RowOf<'listFeeds'>;
