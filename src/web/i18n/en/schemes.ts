import type { schemes as zh } from '../zh/schemes.ts';
import type { Translation } from '../zh.ts';

export const schemes: Translation<typeof zh> = {};
