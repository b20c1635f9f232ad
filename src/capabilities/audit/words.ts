import type { Words } from '../../kernel/refusal.ts';
import type { AuditKind } from '../../platform/audit/index.ts';

/** Every kind of entry in words; one that is missing does not compile. */
export const KIND_WORDS: Readonly<Record<AuditKind, Words>> = {
  'feed.received': { zh: '收到报送文件', en: 'took a file' },
  'feed.accepted': { zh: '文件入库', en: 'accepted a file' },
  'feed.refused': { zh: '退回文件', en: 'refused a file' },
  'feed.undone': { zh: '撤回入库', en: 'took a file back' },
  'feed.discarded': { zh: '放弃文件', en: 'discarded a file' },
  'closing.closed': { zh: '日终', en: 'closed a day' },
  'closing.restated': { zh: '重算已日终的日期', en: 'closed days again' },
  'scheme.saved': { zh: '保存方案', en: 'saved a scheme' },
  'scheme.activated': { zh: '启用方案', en: 'put a scheme in force' },
  'run.simulated': { zh: '模拟分户', en: 'simulated a run' },
  'run.applied': { zh: '分户生效', en: 'applied a run' },
  'run.discarded': { zh: '放弃分户', en: 'discarded a run' },
  'run.nightly': { zh: '每晚调整', en: 'made the night’s changes' },
  'batch.requested': { zh: '申请批量调户', en: 'asked for a batch of transfers' },
  'batch.approved': { zh: '同意批量调户', en: 'approved a batch of transfers' },
  'batch.rejected': { zh: '驳回批量调户', en: 'rejected a batch of transfers' },
  'batch.withdrawn': { zh: '撤回批量调户', en: 'withdrew a batch of transfers' },
  'transfer.requested': { zh: '申请调户', en: 'asked for a transfer' },
  'transfer.scheduled': { zh: '同意调户，定日生效', en: 'approved a transfer for a coming day' },
  'transfer.carried-out': { zh: '到期调户生效', en: 'carried out a transfer' },
  'transfer.failed': { zh: '到期调户未能生效', en: 'could not carry out a transfer' },
  'transfer.claimed': { zh: '认领客户', en: 'claimed a customer' },
  'transfer.approved': { zh: '同意调户', en: 'approved a transfer' },
  'transfer.rejected': { zh: '驳回调户', en: 'rejected a transfer' },
  'transfer.withdrawn': { zh: '撤回调户', en: 'withdrew a transfer' },
  'handover.started': { zh: '发起交接', en: 'began a handover' },
  'handover.split': { zh: '分配交接客户', en: 'split a handover' },
  'handover.signed': { zh: '签署交接', en: 'signed a handover' },
  'handover.approved': { zh: '同意交接', en: 'approved a handover' },
  'handover.withdrawn': { zh: '撤回交接', en: 'withdrew a handover' },
  'handover.returned': { zh: '交接到期返还', en: 'returned a handover' },
  'lock.set': { zh: '设定锁包期', en: 'locked a period' },
  'lock.lift-asked': { zh: '申请解除锁包期', en: 'asked to lift a lock' },
  'lock.kept': { zh: '锁包期不予解除', en: 'kept a lock' },
  'lock.lifted': { zh: '解除锁包期', en: 'lifted a lock' },
  'customer.viewed': { zh: '查看客户', en: 'looked at a customer' },
  'customer.searched': { zh: '搜索客户', en: 'searched customers' },
  'customer.revealed': { zh: '查看完整号码', en: 'revealed a field' },
  'reveal.refused': { zh: '查看完整号码被拒', en: 'was refused a field' },
  'reveal.unusual': { zh: '查看完整号码次数异常', en: 'revealed unusually much' },
  'list.viewed': { zh: '查看名单', en: 'looked at a list' },
  'access.refused': { zh: '访问被拒', en: 'was refused' },
  'audit.read': { zh: '查阅审计', en: 'read the audit' },
  'audit.exported': { zh: '转出审计', en: 'exported the audit' },
  'audit.retired': { zh: '审计移出数据库', en: 'took a month of audit out' },
  'person.reported': { zh: '出具个人信息报告', en: 'made a report of what is held of a person' },
  'export.made': { zh: '导出', en: 'exported' },
  'export.limit-set': { zh: '设定每日导出行数', en: 'Rows of a day set' },
  'export.requested': { zh: '申请导出', en: 'asked for an export' },
  'export.approved': { zh: '同意导出', en: 'approved an export' },
  'export.rejected': { zh: '驳回导出', en: 'rejected an export' },
  'export.withdrawn': { zh: '撤回导出申请', en: 'withdrew an export' },
  'session.opened': { zh: '登录', en: 'signed in' },
  'session.refused': { zh: '登录被拒', en: 'was refused to sign in' },
  'session.ended': { zh: '结束会话', en: 'ended a session' },
  'session.closed': { zh: '退出', en: 'signed out' },
  'account.link-made': { zh: '发出开通链接', en: 'made a one-time link' },
  'account.password-set': { zh: '设定密码', en: 'set a password' },
  'account.second-factor-set': { zh: '启用动态验证码', en: 'set a second factor' },
  'token.made': { zh: '新建接口密钥', en: 'made an API key' },
  'token.ended': { zh: '停用接口密钥', en: 'ended an API key' },
};

/** Words of a kind; one of a later version is shown by its name. */
export function kindWords(kind: string): Words {
  return isKind(kind) ? KIND_WORDS[kind] : { zh: kind, en: kind };
}

function isKind(kind: string): kind is AuditKind {
  return Object.hasOwn(KIND_WORDS, kind);
}
