// `npm run sbom`: the bill of materials (CycloneDX) and the licences of everything that is installed, and what is known against it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { projectFile } from '../src/platform/files.ts';
import { licencesOf, lockSchema, objections } from './licences.ts';

const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const auditAnswer = z.object({
  metadata: z.object({ vulnerabilities: z.record(z.string(), z.number()) }),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
});

function npm(...args: string[]) {
  return spawnSync(NPM, args, {
    cwd: projectFile('.'),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    shell: process.platform === 'win32',
  });
}

type Outcome = 'passed' | 'failed' | 'skipped';

function writeBill(): Outcome {
  const { status, stdout, stderr } = npm('sbom', '--sbom-format=cyclonedx', '--package-lock-only');
  if (status !== 0) {
    console.error(stderr);
    return 'failed';
  }
  writeFileSync(projectFile('dist/sbom.cdx.json'), stdout);
  return 'passed';
}

function writeLicences(): Outcome {
  const lock = lockSchema.parse(JSON.parse(readFileSync(projectFile('package-lock.json'), 'utf8')));
  const lines = licencesOf(lock).map(
    ({ name, version, licence, tool }) => `${licence}\t${name}\t${version}\t${tool ? 'tool' : 'shipped'}`,
  );
  writeFileSync(projectFile('dist/licences.tsv'), `licence\tpackage\tversion\tuse\n${lines.join('\n')}\n`);
  const found = objections(lock);
  for (const line of found) console.error(`  ${line}`);
  return found.length > 0 ? 'failed' : 'passed';
}

/** Asks the registry for what is known; one that does not answer leaves the question open. */
function askAdvisories(): Outcome {
  const { stdout } = npm('audit', '--json', '--package-lock-only', '--fetch-retries=0', '--fetch-timeout=20000');
  const answer = auditAnswer.safeParse(parseJson(stdout));
  if (!answer.success) {
    console.error('  the registry gives no advisories');
    return 'skipped';
  }
  const { vulnerabilities, metadata } = answer.data;
  for (const [name, { severity }] of Object.entries(vulnerabilities)) console.error(`  ${name}: ${severity}`);
  const { high = 0, critical = 0 } = metadata.vulnerabilities;
  return high + critical > 0 ? 'failed' : 'passed';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

mkdirSync(projectFile('dist'), { recursive: true });
const counts = { passed: 0, failed: 0, skipped: 0 };
const steps: readonly (readonly [string, () => Outcome])[] = [
  ['bill of materials: dist/sbom.cdx.json', writeBill],
  ['licences, digests and bans: dist/licences.tsv', writeLicences],
  ['known vulnerabilities, none high', askAdvisories],
];
for (const [name, step] of steps) {
  const outcome = step();
  counts[outcome] += 1;
  console.log(`${outcome.padEnd(7)} ${name}`);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
