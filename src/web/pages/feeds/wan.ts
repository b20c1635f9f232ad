/** Fen as text in 万元: a bank's totals may pass 2^53, so they are divided as whole numbers first. */
export function wanText(fen: string): string {
  const value = BigInt(fen);
  const size = value < 0n ? -value : value;
  const rounded = (size + 5_000n) / 10_000n;
  const whole = (rounded / 100n).toLocaleString('en-US');
  return `${value < 0n && rounded > 0n ? '-' : ''}${whole}.${String(rounded % 100n).padStart(2, '0')}`;
}
