import { addDays, type BusinessDate } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';

const HELD = [
  ...[
    'unit_no',
    'lead_staff',
    'joint_staff',
    'birth_date',
    'district',
    'deposits_fen',
    'wealth_fen',
    'funds_fen',
    'insurance_fen',
  ],
  ...['other_fen', 'loans_fen', 'talks_30', 'talks_90', 'last_talk_on', 'moves_30', 'moves_90', 'last_move_on', 'tags'],
] as const;

const fenOf = (...categories: string[]) =>
  `sum(p.balance_fen) filter (where r.category in (${categories.map((category) => `'${category}'`).join(', ')}))::bigint`;

/** Balances by what they are, of customers who have any. */
const MIX = `select p.customer_id, ${fenOf('demand-deposit', 'time-deposit')} as deposits, ${fenOf('wealth')} as wealth, ${fenOf('fund')} as funds,
    ${fenOf('insurance')} as insurance, ${fenOf('bond', 'metal', 'trust')} as other, ${fenOf('loan')} as loans
  from closing.position p join products.product r on r.code = p.product_code group by p.customer_id`;

/** Talks: calls and meetings that reached the customer, up to the day. */
const TALKS = `select customer_id, count(*) filter (where on_date > $2)::int as talks_30, count(*) filter (where on_date > $3)::int as talks_90,
    max(on_date) as last_on
  from engagement.contact where outcome in ('reached', 'declined', 'complaint') and reversed_at is null and on_date <= $1 group by customer_id`;

/** Days on which totals changed: each begins a stretch. */
const MOVES = `select customer_id, count(*) filter (where from_date > $2)::int as moves_30, count(*)::int as moves_90 from (
    select customer_id, from_date from closing.segment where from_date > $3 union all
    select customer_id, from_date from closing.balance where from_date > $3) b group by customer_id`;

/** Brings what rules ask of customers up to a closed day; only rows that differ are written. */
export async function refreshFacts(tx: Tx, day: BusinessDate): Promise<void> {
  await tx.client.query(
    `delete from groups.fact where customer_id in (
       select f.customer_id from groups.fact f left join coverage.standing s on s.customer_id = f.customer_id
         left join personal.mark k on k.customer_id = f.customer_id where s.customer_id is null or k.no_profiling)`,
  );
  await tx.client.query(
    `insert into groups.fact (customer_id, ${HELD.join(', ')})
     select s.customer_id, s.unit_no, s.lead_staff, s.joint_staff, c.birth_date, c.district, coalesce(m.deposits, 0), coalesce(m.wealth, 0),
            coalesce(m.funds, 0), coalesce(m.insurance, 0), coalesce(m.other, 0), coalesce(m.loans, 0), coalesce(t.talks_30, 0),
            coalesce(t.talks_90, 0), t.last_on, coalesce(v.moves_30, 0), coalesce(v.moves_90, 0), b.from_date, coalesce(g.tags, '{}')
       from coverage.standing s left join customers.customer c on c.customer_id = s.customer_id
       left join closing.balance b on b.customer_id = s.customer_id
       left join (${MIX}) m on m.customer_id = s.customer_id
       left join (${TALKS}) t on t.customer_id = s.customer_id
       left join (${MOVES}) v on v.customer_id = s.customer_id
       left join (select customer_id, array_agg(tag order by tag) as tags from groups.tag group by customer_id) g on g.customer_id = s.customer_id
       left join personal.mark k on k.customer_id = s.customer_id
      where k.no_profiling is not true
     on conflict (customer_id) do update set ${HELD.map((column) => `${column} = excluded.${column}`).join(', ')}
      where (${HELD.map((column) => `fact.${column}`).join(', ')}) is distinct from (${HELD.map((column) => `excluded.${column}`).join(', ')})`,
    [day, addDays(day, -30), addDays(day, -90)],
  );
  await tx.client.query(
    `update groups.stay m set unit_no = f.unit_no, lead_staff = f.lead_staff, joint_staff = f.joint_staff
       from groups.fact f where f.customer_id = m.customer_id
        and (m.unit_no, m.lead_staff, m.joint_staff) is distinct from (f.unit_no, f.lead_staff, f.joint_staff)`,
  );
}

/** Lists follow customers whose seats changed by day: whoever has them now sees them in their groups. */
export async function followSeats(tx: Tx, customerIds: readonly string[]): Promise<void> {
  for (const table of ['groups.fact', 'groups.stay'])
    await tx.client.query(
      `update ${table} m set unit_no = s.unit_no, lead_staff = s.lead_staff, joint_staff = s.joint_staff
         from coverage.standing s where s.customer_id = m.customer_id and m.customer_id = any($1)`,
      [customerIds],
    );
}

/** Forgets how a customer was grouped: profiling was refused. */
export async function forgetGroups(tx: Tx, customerId: string): Promise<void> {
  await tx.client.query('delete from groups.fact where customer_id = $1', [customerId]);
  await tx.client.query('delete from groups.stay where customer_id = $1', [customerId]);
}

/** Takes away for good how a customer was grouped and the words about them. */
export async function eraseGroups(tx: Tx, customerId: string): Promise<void> {
  await forgetGroups(tx, customerId);
  await tx.client.query('delete from groups.tag where customer_id = $1', [customerId]);
}
