import type { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import { openCustomer, type Tx } from '../../../platform/db/transaction.ts';
import type { themesSchema } from '../contract.ts';
import { rulesOfTheme, THEMES } from '../rules/theme.ts';
import { bandWords } from './band-words.ts';
import { type Desk, FOLLOW_UP_COLUMNS, type FollowUpRow, openDesk, toFollowUp } from './follow-ups.ts';

type Themes = z.input<typeof themesSchema>;
type Row = FollowUpRow & { readonly theme: string; readonly customers: number; readonly name: string; readonly band: number };
const FIRST = 3;

/** Whom one looks for first in the morning, by theme: how many customers, and the first of them with the reason in figures. */
export async function themesOf(tx: Tx, person: Person): Promise<Themes> {
  const desk = await openDesk(tx);
  if (desk === undefined) return { items: [] };
  const pairs = THEMES.flatMap((theme) => rulesOfTheme(desk.rules, theme).map((rule) => [rule, theme] as const));
  const { rows } = await tx.client.query<Row>(
    `with mine as (
       select distinct on (t.theme, f.customer_id) t.theme, f.* from unnest($2::text[], $3::text[]) as t (rule, theme)
         join engagement.follow_up f on f.rule = t.rule and f.doer = $1 and f.state = 'open'
        order by t.theme, f.customer_id, f.act_on, f.priority, f.cause),
     placed as (
       select *, count(*) over (partition by theme)::int as customers,
              row_number() over (partition by theme order by act_on, stake_fen desc, customer_id) as place from mine)
     select p.*, k.name, s.band from (
         select theme, customers, place, ${FOLLOW_UP_COLUMNS} from placed where place <= ${FIRST}) p
       join coverage.card k using (customer_id) join coverage.standing s using (customer_id) order by theme, place`,
    [person.scope.staffId, pairs.map(([rule]) => rule), pairs.map(([, theme]) => theme)],
  );
  const items: Themes['items'] = [];
  for (const theme of THEMES) {
    const found = rows.filter((row) => row.theme === theme);
    const first: Themes['items'][number]['first'] = [];
    for (const row of found) first.push(await toLine(tx, desk, row));
    items.push({ theme, customers: found[0]?.customers ?? 0, first });
  }
  return { items };
}

async function toLine(tx: Tx, desk: Desk, row: Row): Promise<Themes['items'][number]['first'][number]> {
  const { title, why, bucket, dueOn } = toFollowUp(desk, row, false);
  const about = { customerId: row.customer_id, name: maskName(row.name), title, bucket, dueOn };
  if (row.theme !== 'bands') return { ...about, why };
  await openCustomer(tx, row.customer_id);
  return { ...about, why: (await bandWords(tx, row)) ?? why };
}
