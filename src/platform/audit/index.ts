import { randomUUID } from 'node:crypto';
import { canonicalJson } from '../../kernel/digest.ts';
import type { Tx } from '../db/transaction.ts';

/** Every kind of entry there is; a closed union, so that the audit page can word each. */
export type AuditKind =
  | 'feed.received'
  | 'feed.accepted'
  | 'feed.refused'
  | 'feed.undone'
  | 'feed.discarded'
  | 'closing.closed'
  | 'closing.restated'
  | 'scheme.saved'
  | 'scheme.activated'
  | 'run.simulated'
  | 'run.applied'
  | 'run.discarded'
  | 'run.nightly'
  | 'batch.requested'
  | 'batch.approved'
  | 'batch.rejected'
  | 'batch.withdrawn'
  | 'transfer.requested'
  | 'transfer.scheduled'
  | 'transfer.carried-out'
  | 'transfer.failed'
  | 'transfer.claimed'
  | 'transfer.approved'
  | 'transfer.rejected'
  | 'transfer.withdrawn'
  | 'handover.started'
  | 'handover.split'
  | 'handover.signed'
  | 'handover.approved'
  | 'handover.withdrawn'
  | 'handover.returned'
  | 'lock.set'
  | 'lock.lift-asked'
  | 'lock.kept'
  | 'lock.lifted'
  | 'customer.viewed'
  | 'customer.searched'
  | 'customer.revealed'
  | 'reveal.refused'
  | 'reveal.unusual'
  | 'list.viewed'
  | 'access.refused'
  | 'audit.read'
  | 'audit.exported'
  | 'audit.retired'
  | 'retention.applied'
  | 'key.rotated'
  | 'person.reported'
  | 'person.requested'
  | 'person.approved'
  | 'person.rejected'
  | 'person.withdrawn'
  | 'person.consent'
  | 'person.kept-erased'
  | 'export.requested'
  | 'export.approved'
  | 'export.rejected'
  | 'export.withdrawn'
  | 'export.made'
  | 'export.limit-set'
  | 'session.opened'
  | 'session.refused'
  | 'session.ended'
  | 'account.link-made'
  | 'account.password-set'
  | 'account.second-factor-set'
  | 'token.made'
  | 'token.ended'
  | 'session.closed'
  | 'session.acting'
  | 'deputy.proposed'
  | 'deputy.approved'
  | 'deputy.refused'
  | 'deputy.ended'
  | 'rules.activated'
  | 'contact.recorded'
  | 'contact.reversed'
  | 'follow-up.postponed'
  | 'follow-up.left'
  | 'follow-up.given'
  | 'profile.recorded'
  | 'rates.activated'
  | 'appointment.made'
  | 'appointment.moved'
  | 'appointment.ended'
  | 'task.given'
  | 'sale.recorded'
  | 'sale.correction-asked'
  | 'sale.correction-agreed'
  | 'sale.correction-refused'
  | 'sale.correction-withdrawn'
  | 'minutes.kept'
  | 'action.given'
  | 'action.ended'
  | 'plan.made'
  | 'plan-team.made'
  | 'plan-team.ended'
  | 'log.written'
  | 'log.reversed'
  | 'policy.activated'
  | 'outreach.queued'
  | 'outreach.refused'
  | 'outreach.handed'
  | 'outreach.receipts'
  | 'outreach.stopped'
  | 'outreach.lifted'
  | 'team.joined'
  | 'team.left'
  | 'keep.requested'
  | 'keep.agreed'
  | 'keep.refused'
  | 'keep.withdrawn'
  | 'group.made'
  | 'group.changed'
  | 'group.retired'
  | 'customer.tagged';

/** Who does it: a signed-in person, or a command on the server (`staffId` = "cli"). */
export interface Actor {
  readonly staffId: string;
  readonly role: string;
  readonly unitNo: number;
  readonly requestId: string;
  /** The address that the request came from. */
  readonly origin?: string;
  /** Whom the actor stands in for. */
  readonly onBehalfOf?: string;
  /** Everybody whose work this one may not check: see `Person`. */
  readonly identities?: readonly string[];
}

export const COMMAND_LINE: Actor = { staffId: 'cli', role: 'system', unitNo: 0, requestId: 'cli' };

export interface AuditEntry {
  readonly kind: AuditKind;
  /** What it is about: an import, a run, a customer … by id. */
  readonly subject: string;
  readonly customerId?: string;
  /** What for, in the words of who looks. */
  readonly purpose?: string;
  /** Ids, counts, field names, from → to of settings; never values of personal data. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Writes an entry in the transaction of what it tells about: no audit, no change. */
export async function audit(tx: Tx, actor: Actor, entry: AuditEntry): Promise<void> {
  await tx.db.insertInto('audit.entry').values(entryRow(actor, entry)).execute();
}

/** An entry as it is stored; time and transaction are the database's to say. */
export function entryRow(actor: Actor, entry: AuditEntry) {
  return {
    entry_id: randomUUID(),
    actor: actor.staffId,
    on_behalf_of: actor.onBehalfOf ?? null,
    role: actor.role,
    unit_no: actor.unitNo,
    request_id: actor.requestId,
    origin: actor.origin ?? null,
    kind: entry.kind,
    subject: entry.subject,
    customer_id: entry.customerId ?? null,
    purpose: entry.purpose ?? null,
    body: canonicalJson(entry.body ?? {}),
  };
}
