import type { organisation as zh } from '../zh/organisation.ts';
import type { Translation } from '../zh.ts';

export const organisation: Translation<typeof zh> = {};
