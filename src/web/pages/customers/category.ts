import { useTranslation } from 'react-i18next';

/** What a product counts as, in the order in which a page lists them. */
export const CATEGORIES = [
  'demand-deposit',
  'time-deposit',
  'wealth',
  'fund',
  'insurance',
  'bond',
  'metal',
  'trust',
  'loan',
  'credit-card',
  'service',
] as const;

/** The name of a product category in the reader's language. */
export function useCategoryName(): (category: string) => string {
  const { t } = useTranslation();
  return (category) => {
    const known = CATEGORIES.find((candidate) => candidate === category);
    return known === undefined ? category : t(`customers.category.${known}`);
  };
}
