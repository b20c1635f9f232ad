import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { licencesOf, lockSchema, objections } from '../../scripts/licences.ts';
import { projectFile } from '../../src/platform/files.ts';

const read = (file: string): unknown => JSON.parse(readFileSync(projectFile(file), 'utf8'));
const lock = lockSchema.parse(read('package-lock.json'));
const dependencies = z.record(z.string(), z.string());
const own = z
  .object({
    dependencies,
    devDependencies: dependencies,
    optionalDependencies: dependencies,
    allowScripts: z.record(z.string(), z.boolean()),
  })
  .parse(read('package.json'));

describe('what comes from others [SECURITY 37, 54]', () => {
  it('has exact versions, digests, licences on the list and no banned package', () => {
    expect(objections(lock)).toEqual([]);
    const versions = Object.entries({ ...own.dependencies, ...own.devDependencies, ...own.optionalDependencies });
    expect(versions.length).toBeGreaterThan(40);
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('would be found out if it did not', () => {
    const one = (name: string, license: string | undefined, dev = false) =>
      objections({ packages: { [`node_modules/${name}`]: { version: '1.0.0', license, dev, integrity: 'sha512-x' } } });
    expect(one('a', 'MIT')).toEqual([]);
    expect(one('a', '(GPL-3.0 OR MIT)')).toEqual([]);
    expect(one('a', 'MPL-2.0', true)).toEqual([]);
    for (const licence of ['GPL-3.0', 'MIT AND GPL-3.0', 'MPL-2.0', 'SEE LICENSE IN x', undefined])
      expect([licence, one('a', licence)]).toEqual([licence, [expect.any(String)]]);
    expect(one('xlsx', 'Apache-2.0')).toEqual(['xlsx 1.0.0 is banned']);
    expect(objections({ packages: { 'node_modules/a': { version: '1.0.0', license: 'MIT' } } })).toHaveLength(1);
  });

  it('runs no script of its own when it is installed', () => {
    expect(Object.values(own.allowScripts).filter(Boolean)).toEqual([]);
  });

  it('is on the bill of materials, all of it', () => {
    const { stdout } = spawnSync('npm', ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'], {
      cwd: projectFile('.'),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const bill = z
      .object({
        bomFormat: z.literal('CycloneDX'),
        components: z.array(z.object({ group: z.string().optional(), name: z.string(), version: z.string() })),
      })
      .parse(JSON.parse(stdout));
    const listed = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
    const missing = licencesOf(lock).filter(
      ({ name, version }) => !listed.has(`${name}@${version}`) && !listed.has(`${name.split('/')[1]}@${version}`),
    );
    expect(missing).toEqual([]);
  }, 60_000);
});
