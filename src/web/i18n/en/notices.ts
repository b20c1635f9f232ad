import type { notices as zh } from '../zh/notices.ts';
import type { Translation } from '../zh.ts';

export const notices: Translation<typeof zh> = {
  title: 'Notices',
  none: 'No unread notices.',
  unread: '{{n}} unread notices',
  empty: 'No notices yet. Transfers, handovers and other changes that concern you are told here.',
  readAll: 'Mark all as read',
  what: 'What',
  at: 'When',
};
