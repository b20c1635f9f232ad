// `npm run check`: format and lint, types, import rules, unused code. Every check runs, even after one has failed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { checkNode, filesUnder, ROOT, run, tool } from './tools.mjs';

const node = (path, ...args) => run(process.execPath, [tool(path), ...args]).then((code) => code === 0);

/** The import rules, and that they were applied to every file there is. */
function checkImports() {
  const args = [
    tool('dependency-cruiser/bin/dependency-cruise.mjs'),
    'src',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
  ];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (!stdout) {
    console.error(stderr);
    return false;
  }
  const { modules, summary } = JSON.parse(stdout);
  const seen = new Set(modules.map((module) => module.source));
  const unseen = filesUnder('src').filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && !seen.has(file));
  for (const { rule, from, to } of summary.violations) console.error(`  ${rule.name}: ${from} → ${to}`);
  for (const file of unseen) console.error(`  not seen by the import rules: ${file}`);
  return summary.violations.length === 0 && unseen.length === 0;
}

/** Colours belong to a terminal, not to a log. */
const PLAIN = process.stdout.isTTY ? [] : ['--colors=off'];

const CHECKS = [
  ['format and lint', () => node('@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--max-diagnostics=20', ...PLAIN)],
  ['types of the server', () => node('typescript/bin/tsc', '-p', 'tsconfig.server.json')],
  ['client from the routes', () => node('tsx/dist/cli.mjs', 'scripts/openapi.ts'), 'src/web/index.html'],
  ['types of the pages', () => node('typescript/bin/tsc', '-p', 'tsconfig.web.json'), 'src/web/index.html'],
  ['import rules', async () => checkImports()],
  ['unused code', () => node('knip/bin/knip.js', '--no-progress')],
];

checkNode();
await ensureInstalled();
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const [name, check, needs] of CHECKS) {
  const outcome = needs && !existsSync(join(ROOT, needs)) ? 'skipped' : (await check()) ? 'passed' : 'failed';
  counts[outcome] += 1;
  console.log(`${outcome.padEnd(7)} ${name}`);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);
