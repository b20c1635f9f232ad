/** A data file with the control file that the bank sends beside it. */
export interface Sending<F> {
  readonly file: F;
  readonly control: F | undefined;
}

const CONTROL = '.ctl';

/** Pairs files by name as the command line does, `x.csv` with `x.csv.ctl`; control files without their data file are `alone`. */
export function pairFiles<F extends { readonly name: string }>(files: readonly F[]): { sendings: Sending<F>[]; alone: F[] } {
  const controls = new Map(files.filter((file) => file.name.endsWith(CONTROL)).map((file) => [file.name, file]));
  const data = files.filter((file) => !file.name.endsWith(CONTROL));
  const wanted = new Set(data.map((file) => file.name + CONTROL));
  return {
    sendings: data.map((file) => ({ file, control: controls.get(file.name + CONTROL) })),
    alone: [...controls.values()].filter((file) => !wanted.has(file.name)),
  };
}
