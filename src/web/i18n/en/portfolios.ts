import type { portfolios as zh } from '../zh/portfolios.ts';
import type { Translation } from '../zh.ts';

export const portfolios: Translation<typeof zh> = {};
