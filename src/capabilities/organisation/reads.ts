import type pg from 'pg';
import type { StaffMember, Unit } from './contract.ts';

/** A range of unit numbers: a subtree. */
export interface UnitRange {
  readonly lo: number;
  readonly hi: number;
}

/** Units of a subtree in pre-order, with the staff that each has on a day. */
export async function unitsIn(pool: pg.Pool, { lo, hi }: UnitRange, today: string): Promise<Unit[]> {
  const { rows } = await pool.query<Unit>(
    `select u.id, u.name, u.level, u.parent_id as "parentId", u.district, u.longitude, u.latitude, u.unit_no as "unitNo",
            u.last_no as "lastNo", count(s.id)::int as staff
       from organisation.org_unit u
       left join organisation.staff s on s.org_unit_id = u.id and (s.left_on is null or s.left_on > $3::date)
        and (s.hired_on is null or s.hired_on <= $3::date)
      where u.unit_no between $1 and $2 group by u.id order by u.unit_no`,
    [lo, hi, today],
  );
  return rows;
}

/** Staff of a unit and everything under it, within a range, by id after a key; leavers too, told by `leftOn`. */
export async function staffOf(
  pool: pg.Pool,
  range: UnitRange,
  unitId: string | undefined,
  after: string | undefined,
  limit: number,
): Promise<StaffMember[]> {
  const { rows } = await pool.query<StaffMember>(
    `select s.id, s.name, s.org_unit_id as "unitId", u.name as "unitName", s.role, s.grade, s.share_bp as "shareBp",
            s.hired_on as "hiredOn", s.left_on as "leftOn"
       from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where u.unit_no between $1 and $2 and s.id > $4
        and ($3::text is null or u.unit_no between (select unit_no from organisation.org_unit where id = $3)
                                            and (select last_no from organisation.org_unit where id = $3))
      order by s.id limit $5`,
    [range.lo, range.hi, unitId ?? null, after ?? '', limit],
  );
  return rows;
}

/** People of a range who are there today and whose name, pinyin, initials or number the text is in or begins, by id after a key. */
export async function searchStaff(
  pool: pg.Pool,
  range: UnitRange,
  query: { readonly text: string; readonly today: string },
  after: string | undefined,
  limit: number,
): Promise<StaffMember[]> {
  const { rows } = await pool.query<StaffMember>(
    `select s.id, s.name, s.org_unit_id as "unitId", u.name as "unitName", s.role, s.grade, s.share_bp as "shareBp",
            s.hired_on as "hiredOn", s.left_on as "leftOn"
       from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where u.unit_no between $1 and $2 and s.id > $5 and (s.left_on is null or s.left_on > $4::date)
        and (position($3 in s.name) > 0 or starts_with(s.pinyin, lower($3)) or starts_with(s.initials, lower($3))
             or starts_with(lower(s.id), lower($3)))
      order by s.id limit $6`,
    [range.lo, range.hi, query.text, query.today, after ?? '', limit],
  );
  return rows;
}
