import type { feeds as zh } from '../zh/feeds.ts';
import type { Translation } from '../zh.ts';

export const feeds: Translation<typeof zh> = {};
