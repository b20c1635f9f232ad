import { z } from 'zod';

const packageEntry = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  integrity: z.string().optional(),
  dev: z.boolean().optional(),
});
export const lockSchema = z.object({ packages: z.record(z.string(), packageEntry) });

/** Licences that ask for no more than their text and names to be kept. */
const FREE = [
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
  // Fonts: may be embedded and passed on with a product, not sold by themselves.
  'OFL-1.1',
];
/** Packages that say their licence in its file only, as read there. */
const READ: Readonly<Record<string, string>> = { 'png-js@2.0.0': 'MIT' };
/** Changes to their files must stay open: fine for tools that build and test, not in what is shipped. */
const TOOLS_ONLY = ['MPL-2.0'];
/** No package of this name may come in, whoever needs it: `xlsx` of the registry has open holes (SECURITY 37). */
const BANNED = ['xlsx'];

export interface Licensed {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly tool: boolean;
}

/** Every package of a lock file with its licence, by name. */
export function licencesOf(lock: z.output<typeof lockSchema>): Licensed[] {
  return Object.entries(lock.packages)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const version = entry.version ?? '';
      return { name, version, licence: entry.license ?? READ[`${name}@${version}`] ?? 'none', tool: entry.dev ?? false };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether an SPDX expression can be kept with these licences: `or` gives a choice, `and` asks for both. */
function fits(expression: string, allowed: readonly string[]): boolean {
  const inner = expression.replace(/^\((.*)\)$/, '$1');
  if (inner.includes(' AND ')) return inner.split(' AND ').every((part) => fits(part, allowed));
  return inner.split(' OR ').some((part) => allowed.includes(part));
}

/** What stands against shipping with this lock file: one sentence each. */
export function objections(lock: z.output<typeof lockSchema>): string[] {
  const licences = licencesOf(lock).flatMap(({ name, version, licence, tool }) =>
    fits(licence, tool ? [...FREE, ...TOOLS_ONLY] : FREE) ? [] : [`${name} ${version}: licence ${licence} is not on the list`],
  );
  const banned = licencesOf(lock).filter(({ name }) => BANNED.includes(name));
  const unproven = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && entry.integrity === undefined);
  return [
    ...licences,
    ...banned.map(({ name, version }) => `${name} ${version} is banned`),
    ...unproven.map(([path]) => `${path} has no digest in the lock file`),
  ];
}
