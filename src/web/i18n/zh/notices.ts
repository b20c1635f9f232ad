export const notices = {
  title: '通知',
  none: '没有未读的通知。',
  unread: '{{n}} 条未读通知',
  empty: '还没有通知。调户、交接等与您有关的变化会在这里告诉您。',
  readAll: '全部标为已读',
  what: '内容',
  at: '时间',
} as const;
