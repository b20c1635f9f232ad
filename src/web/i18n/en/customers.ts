import type { customers as zh } from '../zh/customers.ts';
import type { Translation } from '../zh.ts';

export const customers: Translation<typeof zh> = {};
