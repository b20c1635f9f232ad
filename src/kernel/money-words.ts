import type { Words } from './refusal.ts';

/** An amount in fen as people read it: 万元 with two decimals in Chinese, yuan in English, both with thousands separators. */
export function moneyWords(fen: number | bigint): Words {
  const value = BigInt(fen);
  return { zh: `${scaled(value, 1_000_000n)} 万元`, en: `CNY ${scaled(value, 100n)}` };
}

/** Balance-days (fen × days) in 万元·天 and yuan-days. */
export function balanceDaysWords(fenDays: bigint): Words {
  return { zh: `${scaled(fenDays, 1_000_000n)} 万元·天`, en: `${scaled(fenDays, 100n)} yuan-days` };
}

const WAN = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });
const YUAN = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** A limit of a band, in whole 万 where it comes out even: `20 万`. */
export function limitWords(fen: number): Words {
  const wan = fen / 1_000_000;
  return {
    zh: `${WAN.format(wan)} 万`,
    en: YUAN.format(fen / 100),
  };
}

/** value ÷ unit with two decimals, half rounded away from zero, exactly, with thousands separators. */
function scaled(value: bigint, unit: bigint): string {
  const size = value < 0n ? -value : value;
  const hundredths = (size * 100n + unit / 2n) / unit;
  const whole = (hundredths / 100n).toLocaleString('en-US');
  return `${value < 0n ? '-' : ''}${whole}.${(hundredths % 100n).toString().padStart(2, '0')}`;
}
