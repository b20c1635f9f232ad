import { z } from 'zod';
import { isBusinessDate } from '../../kernel/business-date.ts';

/** Query of a list that is paged by key: the cursor is opaque, and comes from the page before. */
export const pageQuery = z.strictObject({
  after: z.string().max(200).optional().describe('下一页的位置 / cursor of the next page'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A day that somebody asks for: one that exists, between 1900 and 2199. */
export const askedDay = z.iso.date().refine((text) => isBusinessDate(text));

/** A page of a list. `next` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** Cursor of a key, as text that says nothing to a reader. */
export function cursorOf(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Key of a cursor, or undefined when it is not one of ours. */
export function keyOfCursor<T extends z.ZodType>(cursor: string | undefined, key: T): z.output<T> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

/** Cuts one row more than the page into the page and its cursor. */
export function toPage<T>(
  rows: readonly T[],
  limit: number,
  keyOf: (row: T) => readonly (string | number)[],
): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(keyOf(last)) : null };
}

export const nothing = z.strictObject({});
