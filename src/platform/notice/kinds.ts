import type { Words } from '../../kernel/refusal.ts';

/** Where a notice leads to. */
export const NOTICE_PLACES = ['transfers', 'batches', 'locks', 'handovers', 'deputies', 'keeps', 'teams', 'actions'] as const;
type NoticePlace = (typeof NOTICE_PLACES)[number];

const kind = (to: NoticePlace, zh: string, en: string): { readonly to: NoticePlace; readonly words: Words } => ({
  to,
  words: { zh, en },
});

/** Every kind of notice there is, with what it says and where it leads; its subject is the id of what it tells of. */
export const NOTICES = {
  'transfer-requested': kind('transfers', '有一笔调户待审批', 'A transfer waits for a decision'),
  'transfer-scheduled': kind('transfers', '调户已同意，到生效日日终时变更', 'A transfer was approved for a coming day'),
  'transfer-approved': kind('transfers', '调户已同意，管户关系已变更', 'A transfer was approved and carried out'),
  'transfer-rejected': kind('transfers', '调户被驳回', 'A transfer was rejected'),
  'transfer-withdrawn': kind('transfers', '调户已撤回', 'A transfer was withdrawn'),
  'transfer-failed': kind('transfers', '调户到期未能生效，请查看原因', 'A transfer could not be carried out on its day'),
  'batch-requested': kind('batches', '有一批调户待审批', 'A batch of transfers waits for a decision'),
  'batch-approved': kind('batches', '一批调户已同意', 'A batch of transfers was approved'),
  'batch-rejected': kind('batches', '一批调户被驳回', 'A batch of transfers was rejected'),
  'batch-withdrawn': kind('batches', '一批调户已撤回', 'A batch of transfers was withdrawn'),
  'lock-lift-asked': kind('locks', '有人申请提前解除锁包，待您确认', 'Lifting a lock waits for a second person'),
  'handover-started': kind('handovers', '您的管户包开始交接', 'Your portfolio is being handed over'),
  'handover-to-split': kind('handovers', '有一笔交接待拆分', 'A handover is to be split'),
  'handover-to-sign': kind('handovers', '有一笔交接待您确认', 'A handover waits for your signature'),
  'handover-to-approve': kind('handovers', '有一笔交接待审批', 'A handover waits for approval'),
  'handover-done': kind('handovers', '交接已完成', 'A handover is done'),
  'handover-withdrawn': kind('handovers', '交接已撤回', 'A handover was withdrawn'),
  'handover-returned': kind('handovers', '交接的客户已交回', 'The customers of a handover were returned'),
  'deputy-approved': kind('deputies', '代理已生效或将生效，请查看起止日期', 'Somebody stands in: see the dates'),
  'deputy-ended': kind('deputies', '代理已提前终止', 'A deputy’s time was ended early'),
  'team-joined': kind('teams', '您已加入一位私人银行客户的柔性团队', 'You are in the flexible team of a private customer'),
  'action-given': kind('actions', '会议给您布置了一件事，请在工作台查看', 'A meeting asks something of you: see your workbench'),
  'keep-requested': kind('keeps', '有一位柜员申请把客户列入名单，待审批', 'A teller asks to keep a customer'),
  'keep-agreed': kind('keeps', '您申请的客户已列入柜员名单', 'The customer is on your list'),
  'keep-refused': kind('keeps', '列入柜员名单的申请被驳回', 'Keeping a customer was refused'),
} as const;
export type NoticeKind = keyof typeof NOTICES;

export function isNoticeKind(text: string): text is NoticeKind {
  return Object.hasOwn(NOTICES, text);
}
