import { point } from '../../../platform/crash.ts';
import { type CopyCell, copyRows } from '../../../platform/db/copy.ts';
import { type Applying, batchesOf, type FeedTaker, type Rows, reportBad, SHAPES, textCell } from '../../feed/index.ts';
import { CHANNEL_NAMES, outcomesOf } from '../rules/contact.ts';

const COLUMNS = ['work', 'customer_id', 'feed_id', 'staff_id', 'channel', 'outcome', 'on_date', 'at', 'note'];
const FEED = 'feed';
const CORRECTED = '报送更正';

/** A message that says nothing of what came of it was sent; a talk reached the customer. */
const OUTCOME = "coalesce(outcome, CASE WHEN channel IN ('sms', 'letter') THEN 'sent' ELSE 'reached' END)";

async function checkContacts({ duck }: Rows): Promise<readonly never[]> {
  await reportBad(
    duck,
    `SELECT n.line, 'staff_id', n.staff_id, 'staff-gone' FROM next n JOIN standing_staff s ON s.id = n.staff_id WHERE s.left_on < n."at"::DATE`,
  );
  const fits = CHANNEL_NAMES.flatMap((channel) => outcomesOf(channel).map((outcome) => `('${channel}', '${outcome}')`));
  await reportBad(
    duck,
    `SELECT line, 'outcome', outcome, 'outcome-unfit' FROM next WHERE (channel, ${OUTCOME}) NOT IN (${fits.join(', ')})`,
  );
  return [];
}

/**
 * Takes contacts that were recorded elsewhere; what they settle is settled within seconds. A row that differs from what stands under its
 * number reverses that one, which stays to be read.
 */
async function takeContacts(work: Applying): Promise<void> {
  const { tx, importId, now } = work;
  await copyRows(tx, 'engagement.stage_contact', COLUMNS, stagedRows(work));
  await tx.client.query(
    `delete from engagement.stage_contact t using engagement.contact c where t.work = $1 and c.customer_id = t.customer_id
        and c.feed_id = t.feed_id and (c.reversed_at is null or c.reversed_import is null)
        and (c.staff_id, c.channel, c.outcome, c.recorded_at, c.note) = (t.staff_id, t.channel, t.outcome, t.at, t.note)`,
    [importId],
  );
  await note(work, 'select customer_id from engagement.stage_contact where work = $1');
  await tx.client.query(
    `update engagement.contact set reversed_by = '${FEED}', reversed_at = $2, reversed_words = '${CORRECTED}', reversed_import = $1
      where reversed_at is null and feed_id in (select feed_id from engagement.stage_contact where work = $1)`,
    [importId, now],
  );
  await note(work, 'select customer_id from engagement.contact where reversed_import = $1');
  await tx.client.query(
    `insert into engagement.contact (customer_id, contact_id, staff_id, role, unit_no, on_date, recorded_at, channel, outcome, note, next_words,
       interest, feed_id, import_id)
     select t.customer_id, t.work || ':' || t.feed_id, t.staff_id, s.role, u.unit_no, t.on_date, t.at, t.channel, t.outcome, t.note, '',
            '{}', t.feed_id, t.work
       from engagement.stage_contact t join organisation.staff s on s.id = t.staff_id join organisation.org_unit u on u.id = s.org_unit_id
      where t.work = $1`,
    [importId],
  );
  await tx.client.query('delete from engagement.stage_contact where work = $1', [importId]);
}

async function* stagedRows({ duck, importId }: Applying): AsyncGenerator<CopyCell[][]> {
  const source = batchesOf(
    duck,
    `SELECT customer_id, id, staff_id, channel, ${OUTCOME}, "at"::DATE::VARCHAR, "at" || '+08', note FROM next`,
  );
  for await (const rows of source) {
    yield rows.map((row) => {
      const cells = row.map(textCell);
      return [importId, ...cells.slice(0, 7), cells[7] ?? ''];
    });
    point('feed.staged');
  }
}

/** Whom the next evaluation looks at. */
async function note({ tx, importId }: Applying, customers: string): Promise<void> {
  await tx.client.query(
    `insert into engagement.news (customer_id) select g.customer_id from engagement.agenda g where g.customer_id in (${customers})
     on conflict do nothing`,
    [importId],
  );
}

/** Takes a file of contacts back: its contacts are reversed, and those that it had corrected count again. */
async function giveBackContacts(work: Applying): Promise<void> {
  const { tx, importId, now } = work;
  await note(work, 'select customer_id from engagement.contact where import_id = $1 or reversed_import = $1');
  await tx.client.query(
    `update engagement.contact set reversed_by = '${FEED}', reversed_at = $2, reversed_words = '文件撤回', reversed_import = null
      where import_id = $1 and (reversed_at is null or reversed_import is not null)`,
    [importId, now],
  );
  await tx.client.query(
    `update engagement.contact c set reversed_by = null, reversed_at = null, reversed_words = null, reversed_import = null
      where c.reversed_import = $1 and not exists (select from engagement.contact o where o.customer_id = c.customer_id
        and o.feed_id = c.feed_id and o.reversed_at is null)`,
    [importId],
  );
}

/** Contacts that other systems recorded: calls of the remote centre, messages of the gateway. */
export function contactsTaker(): FeedTaker {
  return {
    shape: SHAPES.contacts,
    kind: 'event',
    references: [
      { column: 'customer_id', feed: 'customers', code: 'unknown-customer' },
      { column: 'staff_id', feed: 'staff', code: 'unknown-staff' },
    ],
    check: checkContacts,
    apply: takeContacts,
    undo: giveBackContacts,
  };
}
