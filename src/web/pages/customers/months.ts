/** The firsts of months within a span of days, so many at most. */
export function monthsOf(span: { readonly from: string; readonly to: string }, most: number): string[] {
  const firsts: string[] = [];
  const day = new Date(`${span.from.slice(0, 7)}-01T00:00:00Z`);
  for (let text = span.from; text <= span.to; day.setUTCMonth(day.getUTCMonth() + 1)) {
    text = day.toISOString().slice(0, 10);
    if (text >= span.from && text <= span.to) firsts.push(text);
  }
  const every = Math.ceil(firsts.length / most);
  return firsts.filter((_first, at) => at % every === 0);
}
