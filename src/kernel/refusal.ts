/** Words in both languages of the product; Chinese first. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** An expected refusal: a value, not an exception. `code` is stable and kebab-case; `words` say what is wrong and how to mend it. */
export interface Refusal {
  readonly code: string;
  readonly words: Words;
  /** Facts for machines: where, what, how many. No personal data. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Carries a refusal through code that cannot return one (inside transactions, so that they roll back). */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.words.en}`);
    this.name = 'Refused';
    this.refusal = refusal;
  }
}

/** Makes a refusal. */
export function refusal(code: string, zh: string, en: string, details?: Readonly<Record<string, unknown>>): Refusal {
  return details === undefined ? { code, words: { zh, en } } : { code, words: { zh, en }, details };
}

/** Throws the refusal: rolls back the transaction around it; the command line exits 2, HTTP answers 4xx. */
export function refuse(code: string, zh: string, en: string, details?: Readonly<Record<string, unknown>>): never {
  throw new Refused(refusal(code, zh, en, details));
}
