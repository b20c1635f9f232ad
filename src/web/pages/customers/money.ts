import type { Language } from '../../ui/format.ts';

const two = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Money as a bare figure under a header that names the unit: 万元 in Chinese, yuan in English. */
export function inUnit(fen: number, language: Language): string {
  return two.format(language === 'zh' ? fen / 1_000_000 : fen / 100);
}
