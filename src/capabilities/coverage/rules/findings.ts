import type { Words } from '../../../kernel/refusal.ts';
import type { PlaceOf } from '../../../kernel/yaml-file.ts';

/** Something that the check of a scheme found. Errors keep a scheme from being activated; warnings and infos do not. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  /** Where: `bands.1.seats.0.limit`. */
  readonly path: string;
  readonly line: number | null;
  readonly text: Words;
}

export type Path = readonly (string | number)[];
export type Report = (severity: Finding['severity'], code: string, path: Path, zh: string, en: string) => void;

/** Collects findings with their lines. */
export function reporter(placeOf: PlaceOf | undefined): { readonly findings: Finding[]; readonly report: Report } {
  const findings: Finding[] = [];
  const report: Report = (severity, code, path, zh, en) => {
    findings.push({ severity, code, path: path.join('.'), line: placeOf?.(path).line ?? null, text: { zh, en } });
  };
  return { findings, report };
}
