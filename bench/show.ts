/** Prints a table of figures as lines. */
export function show(title: string, rows: readonly Readonly<Record<string, string | number>>[]): void {
  console.log(`\n${title}`);
  for (const row of rows) {
    const cells = Object.entries(row).map(
      ([name, value]) => `${name} ${typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(3) : value}`,
    );
    console.log(`  ${cells.join(' · ')}`);
  }
}
