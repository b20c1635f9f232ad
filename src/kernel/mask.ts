/** Masks of the golden table (SECURITY 20). They count whole characters, so a rare one (𠮷) is never split. */

/** 张三 → 张*, 张小明 → 张*明, longer names and names with `·` → first character and `*`. */
export function maskName(name: string): string {
  const characters = Array.from(name);
  const [first = '', , third = ''] = characters;
  if (characters.length === 3 && !name.includes('·')) return `${first}*${third}`;
  return `${first}*`;
}

/** 138****1234: first three and last four; shorter numbers keep only the last two. */
export function maskMobile(mobile: string): string {
  return mobile.length >= 9 ? `${mobile.slice(0, 3)}****${mobile.slice(-4)}` : `****${mobile.slice(-2)}`;
}

/** 3****************4: first and last character, the length kept. */
export function maskIdNumber(idNumber: string): string {
  const characters = Array.from(idNumber);
  return `${characters[0] ?? ''}${'*'.repeat(Math.max(1, characters.length - 2))}${characters.at(-1) ?? ''}`;
}

/** Of an address only the district stays. */
export function maskAddress(district: string | null): string {
  return `${district ?? ''}****`;
}
