/** Numbers as a bank writes them. Money comes in whole fen. */
export type Language = 'zh' | 'en';

const grouped = new Intl.NumberFormat('en-US');
const two = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export function count(value: number): string {
  return grouped.format(value);
}

/** ¥1,234.56 */
export function yuan(fen: number): string {
  return `¥${two.format(fen / 100)}`;
}

/** 23.64 万, 1.28 亿 — or 236.4K, 128M in English. */
export function shortMoney(fen: number, language: Language): string {
  const value = fen / 100;
  const size = Math.abs(value);
  if (language === 'en')
    return `¥${new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: size >= 1000 ? 1 : 0 }).format(value)}`;
  if (size >= 1e8) return `${two.format(value / 1e8)} 亿`;
  if (size >= 1e4) return `${two.format(value / 1e4)} 万`;
  return `${two.format(value)} 元`;
}

/** A limit of a band: whole 万 where it is whole. */
export function limitMoney(fen: number, language: Language): string {
  const value = fen / 100;
  if (language === 'en')
    return `¥${new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 2 }).format(value)}`;
  return value >= 1e4 ? `${grouped.format(value / 1e4)} 万` : `${grouped.format(value)} 元`;
}

export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const value = (100 * part) / whole;
  return `${value >= 99.95 && part < whole ? '99.9' : value.toFixed(1)}%`;
}

const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'];

/** 2026-06-30 周二 */
export function dayText(date: string, language: Language): string {
  const day = new Date(`${date}T00:00:00Z`);
  const name =
    language === 'zh' ? WEEKDAYS[day.getUTCDay()] : day.toLocaleDateString('en-GB', { weekday: 'short', timeZone: 'UTC' });
  return `${date} ${name ?? ''}`;
}

/** An instant in the reader's own time zone: 2026-06-30 18:05 */
export function instantText(iso: string): string {
  const at = new Date(iso);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${pad(at.getHours())}:${pad(at.getMinutes())}`;
}
