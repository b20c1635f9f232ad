import type { Tx } from '../../../platform/db/transaction.ts';

/** Planned appointments of customers whose seats changed go to the new lead manager, unless whoever was to keep them still has a seat. */
export async function moveAppointments(tx: Tx, customerIds: readonly string[]): Promise<void> {
  await tx.client.query(
    `update appointments.appointment a set staff_id = s.lead_staff, unit_no = u.unit_no
       from coverage.standing s join organisation.staff p on p.id = s.lead_staff join organisation.org_unit u on u.id = p.org_unit_id
      where a.customer_id = any($1) and s.customer_id = a.customer_id and a.state = 'planned'
        and a.staff_id is distinct from s.lead_staff and a.staff_id is distinct from s.joint_staff`,
    [customerIds],
  );
}

/** Takes free words about a person away for good: a right of theirs was carried out. That there was an appointment stays. */
export async function eraseAppointments(tx: Tx, customerId: string, erased: string): Promise<void> {
  await tx.client.query(
    `update appointments.appointment set words = $2, place = '', ended_words = case when ended_words is not null then $2 end where customer_id = $1`,
    [customerId, erased],
  );
}
