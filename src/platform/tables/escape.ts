const FORMULA_START = /^[=+\-@\t\r\0＝＋－＠]/;
const NUMBER = /^[+-]?\d[\d,]*(\.\d+)?$/;

/** A text cell that no spreadsheet takes for a formula (SECURITY 40): an apostrophe in front. Numbers stay as they are. */
export function escapeCell(text: string): string {
  return FORMULA_START.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** A cell of a CSV file: escaped, and quoted where it must be. */
export function csvCell(text: string | null): string {
  if (text === null) return '';
  const safe = escapeCell(text);
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
