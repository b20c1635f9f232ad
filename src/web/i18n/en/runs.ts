import type { runs as zh } from '../zh/runs.ts';
import type { Translation } from '../zh.ts';

export const runs: Translation<typeof zh> = {};
