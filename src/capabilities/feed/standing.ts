import type { ColumnKind, FeedColumn, FeedShape } from './contract.ts';
import { sqlName, sqlText } from './duck.ts';
import { storedName } from './shapes.ts';

/** An accepted import's rows, and which columns its file carried. */
export interface Source {
  readonly importId: string;
  readonly path: string;
  /** English column names that were in the header. */
  readonly carried: ReadonlySet<string>;
}

const TYPES: Readonly<Record<ColumnKind, string>> = {
  id: 'VARCHAR',
  text: 'VARCHAR',
  choice: 'VARCHAR',
  date: 'DATE',
  moment: 'VARCHAR',
  amount: 'BIGINT',
  integer: 'BIGINT',
  coordinate: 'DOUBLE',
  share: 'INTEGER',
  flag: 'BOOLEAN',
};

function nothing(column: FeedColumn): string {
  return `NULL::${TYPES[column.kind]} AS ${sqlName(storedName(column))}`;
}

function cell(column: FeedColumn, source: Source): string {
  if (!source.carried.has(column.name)) return nothing(column);
  const name = sqlName(storedName(column));
  return `${name}::${TYPES[column.kind]} AS ${name}`;
}

/**
 * SQL of what stands of an upsert feed: per key and column the value of the last source that carried the column (FEEDS: blank
 * cells clear, missing columns leave what is stored). `within` = a relation of keys that alone matter.
 */
export function standingSql(shape: FeedShape, sources: readonly Source[], within?: string): string {
  const keys = shape.key.map(sqlName).join(', ');
  const [only] = sources;
  if (only === undefined) return `SELECT ${shape.columns.map(nothing).join(', ')} WHERE false`;
  const filter = within === undefined ? '' : ` WHERE (${keys}) IN (SELECT ${keys} FROM ${within})`;
  const rows = (source: Source) =>
    `SELECT ${shape.columns.map((column) => cell(column, source)).join(', ')} FROM read_parquet(${sqlText(source.path)})${filter}`;
  if (sources.length === 1) return rows(only);
  const others = shape.columns.filter((column) => !shape.key.includes(column.name));
  const always = others.filter((column) => sources.every((source) => source.carried.has(column.name)));
  const sometimes = others.filter((column) => !always.includes(column));
  const union = sources.map((source, n) => {
    const flags = sometimes.map((column) => `${source.carried.has(column.name)} AS ${sqlName(`has ${column.name}`)}`);
    return `SELECT ${[`${n} AS n`, '*', ...flags].join(', ')} FROM (${rows(source)})`;
  });
  const whole = always.map((column) => `${sqlName(storedName(column))} := ${sqlName(storedName(column))}`);
  const aggregates = [
    ...(always.length > 0 ? [`max_by(struct_pack(${whole.join(', ')}), n) AS "always"`] : []),
    ...sometimes.map((column) => {
      const name = sqlName(storedName(column));
      return `max_by(struct_pack(v := ${name}), n) FILTER (WHERE ${sqlName(`has ${column.name}`)}) AS ${name}`;
    }),
  ];
  const columns = shape.columns.map((column) => {
    const name = sqlName(storedName(column));
    if (shape.key.includes(column.name)) return name;
    return always.includes(column) ? `"always".${name} AS ${name}` : `${name}.v AS ${name}`;
  });
  return `SELECT ${columns.join(', ')} FROM (SELECT ${[keys, ...aggregates].join(', ')} FROM (${union.join(' UNION ALL ')}) GROUP BY ${keys})`;
}

/** SQL of the rows of `content` that differ from what stands: whole rows, absent columns filled from what is stored. */
export function nextSql(shape: FeedShape, carried: ReadonlySet<string>, content: string, standing: string): string {
  const columns = shape.columns.map((column) => {
    const name = sqlName(storedName(column));
    return `${carried.has(column.name) ? 'c' : 's'}.${name} AS ${name}`;
  });
  return (
    `SELECT c.line, ${columns.join(', ')}, s.${sqlName(shape.key[0] ?? '')} IS NULL AS added ` +
    `FROM ${content} c LEFT JOIN (${standing}) s ON ${sameKey(shape, 'c', 's')} ` +
    `WHERE s.${sqlName(shape.key[0] ?? '')} IS NULL OR ${differs(
      shape,
      shape.columns.filter((column) => carried.has(column.name)),
      'c',
      's',
    )}`
  );
}

export function sameKey(shape: FeedShape, a: string, b: string): string {
  return shape.key.map((key) => `${a}.${sqlName(key)} = ${b}.${sqlName(key)}`).join(' AND ');
}

export function differs(shape: FeedShape, columns: readonly FeedColumn[], a: string, b: string): string {
  const tests = columns
    .filter((column) => !shape.key.includes(column.name))
    .map((column) => `${a}.${sqlName(storedName(column))} IS DISTINCT FROM ${b}.${sqlName(storedName(column))}`);
  return tests.length === 0 ? 'false' : `(${tests.join(' OR ')})`;
}
