/** Customers that are, through mergers, merged into themselves. `into` = each merged number's survivor. */
export function mergeCycles(into: ReadonlyMap<string, string>): string[] {
  const safe = new Set<string>();
  const cyclic: string[] = [];
  for (const start of into.keys()) {
    const path: string[] = [];
    const seen = new Set<string>();
    let at: string | undefined = start;
    while (at !== undefined && !safe.has(at) && !seen.has(at)) {
      path.push(at);
      seen.add(at);
      at = into.get(at);
    }
    if (at !== undefined && seen.has(at)) cyclic.push(...path.slice(path.indexOf(at)));
    for (const id of path) safe.add(id);
  }
  return cyclic.sort();
}
