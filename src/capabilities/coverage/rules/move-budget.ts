import type { Work } from './allocation-work.ts';
export function spendMoveBudget(_work: Work, _budget: number): void {}
