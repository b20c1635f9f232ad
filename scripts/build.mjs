// Builds what production runs: dist/cli.js, dist/reader.js and the pages in dist/web. Each only when its sources changed.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { checkNode, digestOf, filesUnder, ROOT, readMark, say, writeMark } from './tools.mjs';

const HOUR_MS = 3_600_000;
const DIST = join(ROOT, 'dist');
const SETTINGS = ['package-lock.json', 'scripts/build.mjs', 'tsconfig.base.json'];
const ENTRIES = { cli: 'src/app/cli.ts', reader: 'src/capabilities/feed/reading/child.ts' };

const isTest = (file) => /\.test\.tsx?$/.test(file);
const isPage = (file) => file.startsWith('src/web/') || file.includes('/page/');

function serverSources() {
  return [...filesUnder('src').filter((file) => !isTest(file) && !isPage(file)), ...SETTINGS];
}

function webSources() {
  const shared = (file) => file.startsWith('src/kernel/') || file.endsWith('/contract.ts') || file.includes('/rules/');
  return [...filesUnder('src').filter((file) => !isTest(file) && (isPage(file) || shared(file))), ...SETTINGS];
}

/** Builds the server when its sources changed; true when it did. */
export async function buildServer() {
  const digest = digestOf(serverSources());
  if (readMark('dist/server.digest') === digest) return false;
  await ensureInstalled();
  say('正在构建服务…', 'Building the server…');
  const { build } = await import('esbuild');
  const entryPoints = Object.fromEntries(Object.entries(ENTRIES).filter(([, file]) => existsSync(join(ROOT, file))));
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: DIST,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    chunkNames: 'chunk-[hash]',
    logLevel: 'error',
    write: false,
  });
  placeFiles(outputFiles, Object.keys(entryPoints));
  writeMark('dist/server.digest', digest);
  return true;
}

/** Chunks first, entries last, each by renaming: whoever starts meanwhile sees the old build or the new one. */
function placeFiles(outputFiles, entries) {
  mkdirSync(DIST, { recursive: true });
  const isEntry = (path) => entries.some((name) => basename(path) === `${name}.js`);
  for (const file of outputFiles.sort((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)))) {
    const draft = `${file.path}.${process.pid}`;
    writeFileSync(draft, file.contents);
    renameSync(draft, file.path);
  }
  const current = new Set(outputFiles.map((file) => basename(file.path)));
  for (const name of readdirSync(DIST).filter((entry) => entry.startsWith('chunk-') && !current.has(entry))) {
    // A process of the build before may still load its chunks.
    const path = join(DIST, name);
    if (statSync(path).mtimeMs < Date.now() - HOUR_MS) rmSync(path, { force: true });
  }
}

/** Builds the pages when their sources changed. */
export async function buildWeb() {
  if (!existsSync(join(ROOT, 'src/web/index.html'))) return;
  const digest = digestOf(webSources());
  if (readMark('dist/web.digest') === digest) return;
  await ensureInstalled();
  say('正在构建网页…', 'Building the pages…');
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
  await build({
    root: join(ROOT, 'src/web'),
    configFile: false,
    logLevel: 'warn',
    plugins: [react()],
    build: { outDir: join(DIST, 'web'), emptyOutDir: true, sourcemap: false, chunkSizeWarningLimit: 1500 },
  });
  writeMark('dist/web.digest', digest);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  checkNode();
  await ensureInstalled();
  await buildServer();
  await buildWeb();
}
