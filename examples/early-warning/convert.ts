import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDuck, sqlText } from '../../src/platform/duck.ts';

export const LAST_DAY = '2010-12-31';
const REMOTE_MANAGERS = 60;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Card customers by month: the source has a year's amount T and the ratio r of its last quarter to its first. Quarters that rise or fall
 * evenly between the two are q1 = T / (2 + 2r), q_k = q1 * (1 + (r - 1) * (k - 1) / 3); a month is a third of its quarter.
 */
const MONTHLY = `SELECT 'B' || CLIENTNUM AS customer_id, m AS month,
    round(Total_Trans_Amt / (2 + 2 * Total_Amt_Chng_Q4_Q1) * (1 + (Total_Amt_Chng_Q4_Q1 - 1) * ((m - 1) // 3) / 3) / 3, 2) AS balance
  FROM churn, range(1, 13) r(m)`;

/** Contacts in the order of the file, which is that of their days; the year goes on where the month falls back by half a year or more. */
const CALLS = `WITH numbered AS (SELECT *, list_position(${JSON.stringify(MONTHS).replaceAll('"', "'")}, month) AS m FROM uci),
  turned AS (SELECT *, CAST(sum((month_before - m >= 6)::INT) OVER (ORDER BY n) AS BIGINT) AS years FROM (SELECT *, coalesce(lag(m) OVER (ORDER BY n), m) AS month_before FROM numbered))
  SELECT 'K' || n AS id, 'U' || n AS customer_id, 'R' || (1 + n % ${REMOTE_MANAGERS}) AS staff_id, 'phone' AS channel,
    strftime(make_date(2008 + years, m, least(day, extract(day FROM last_day(make_date(2008 + years, m, 1)))))::DATE, '%Y-%m-%d') AS at,
    CASE WHEN duration = 0 THEN 'no-answer' WHEN y = 'yes' THEN 'reached' ELSE 'declined' END AS outcome,
    'campaign contact ' || campaign AS note FROM turned`;

/** Writes the feeds of one bank with the card customers (`B…`) and the customers of the campaign (`U…`). Returns who left. */
export async function convert(data: string, dir: string): Promise<void> {
  const churn = join(data, 'bankchurners', 'BankChurners.csv');
  const uci = join(data, 'uci-bank-marketing', 'bank-full.csv');
  const folders = [dir, join(data, 'bankchurners'), join(data, 'uci-bank-marketing')];
  const duck = await openDuck({ memoryLimit: '512MB', scratch: join(dir, '.scratch'), folders });
  const write = (name: string, sql: string) => duck.run(`COPY (${sql}) TO ${sqlText(join(dir, name))} (HEADER, DELIMITER ',')`);
  try {
    await duck.run(`CREATE TABLE churn AS FROM read_csv(${sqlText(churn)})`);
    await duck.run(
      `CREATE TABLE uci AS SELECT row_number() OVER () AS n, * FROM read_csv(${sqlText(uci)}, delim = ';', quote = '"', parallel = false)`,
    );
    writeFileSync(
      join(dir, 'org-units.csv'),
      'id,name,level,parent_id\nH,Head office,head-office,\nB,Branch,branch,H\nO,Remote centre,outlet,B\n',
    );
    await write(
      'staff.csv',
      `SELECT 'R' || n AS id, 'Remote ' || n AS name, 'O' AS org_unit_id, 'remote-manager' AS role FROM range(1, ${REMOTE_MANAGERS + 1}) r(n)`,
    );
    writeFileSync(join(dir, 'products.csv'), 'code,name,category\nACTIVITY,Card activity of a month,demand-deposit\n');
    await write(
      'customers.csv',
      `SELECT 'B' || CLIENTNUM AS id, 'Card customer' AS name FROM churn UNION ALL SELECT 'U' || n, 'Campaign customer' FROM uci`,
    );
    await write(
      'assignments.csv',
      `SELECT 'B' || CLIENTNUM AS customer_id, 'R' || (1 + row_number() OVER () % ${REMOTE_MANAGERS}) AS staff_id, '2010-01-01' AS since FROM churn`,
    );
    for (let month = 1; month <= 12; month++) {
      const day = `2010-${String(month).padStart(2, '0')}-01`;
      const name = `positions-${day}${month === 1 ? '' : '.delta'}.csv`;
      await write(
        name,
        `SELECT customer_id, 'O' AS outlet_id, 'ACTIVITY' AS product_code, balance FROM (${MONTHLY}) WHERE month = ${month}`,
      );
    }
    await write('contacts.csv', CALLS);
    await write(
      'left.csv',
      `SELECT 'B' || CLIENTNUM AS customer_id, Attrition_Flag = 'Attrited Customer' AS has_left FROM churn`,
    );
  } finally {
    duck.close();
  }
}
