// Who may import whom. scripts/check.mjs also asserts that every file was seen: some versions pass silently on none.
const ORDER = [
  'feed',
  'organisation',
  'products',
  'customers',
  'closing',
  'coverage',
  'groups',
  'appointments',
  'engagement',
  'visits',
  'outreach',
  'insight',
  'ledgers',
  'plans',
  'meetings',
  'disclosure',
  'audit',
  'personal',
];
const C = '^src/capabilities/';
/** Tests, and their helpers that live beside the code as `test-….ts`. */
const TEST = '(\\.test|/test-[a-z-]+)\\.tsx?$';
/** Pure: no files, no database, no network. Hashing and parsing text are. */
const PURE_LIBRARIES = ['^(node:)?crypto$', 'node_modules/(zod|yaml)/'];

const error = (name, from, to) => ({ name, severity: 'error', from, to });

/** A capability calls only those to its left. */
const orderRules = ORDER.slice(0, -1).map((name, i) =>
  error(
    `05-order-${name}`,
    { path: `${C}${name}/`, pathNot: ['/page/', TEST] },
    { path: `${C}(${ORDER.slice(i + 1).join('|')})/` },
  ),
);

module.exports = {
  forbidden: [
    error('01-kernel-is-pure', { path: '^src/kernel/', pathNot: TEST }, { pathNot: ['^src/kernel/', ...PURE_LIBRARIES] }),
    error('02-platform-knows-no-capability', { path: '^src/platform/' }, { path: '^src/(capabilities|app|web|demo)/' }),
    error(
      '03-rules-are-pure',
      { path: `${C}([^/]+)/rules/`, pathNot: TEST },
      { pathNot: ['^src/kernel/', `${C}$1/(rules/|contract\\.ts)`, ...PURE_LIBRARIES] },
    ),
    error(
      '03-demo-is-pure',
      { path: '^src/demo/', pathNot: [TEST, '^src/demo/write\\.ts$'] },
      { pathNot: ['^src/(kernel|demo)/', ...PURE_LIBRARIES] },
    ),
    error(
      '04-doors',
      { path: `${C}([^/]+)/`, pathNot: TEST },
      { path: C, pathNot: [`${C}$1/`, `${C}[^/]+/(index|contract)\\.ts$`, '/page/'] },
    ),
    ...orderRules,
    error(
      '06-routes-no-storage',
      { path: '/routes(\\.ts$|/)', pathNot: TEST },
      { path: '(/store(\\.ts$|/)|^src/platform/db/)', pathNot: '^src/platform/db/transaction\\.ts$' },
    ),
    error(
      '07a-browser-no-server',
      { path: '(^src/web/|/page/)' },
      { path: '^src/', pathNot: ['^src/(web|kernel)/', '/page/', '/contract\\.ts$'] },
    ),
    error('07b-server-no-browser', { path: '^src/', pathNot: '(^src/web/|/page/)' }, { path: '(^src/web/|/page/)' }),
    error(
      '08-app-doors',
      { path: '^src/app/' },
      { path: C, pathNot: `${C}[^/]+/(index|contract|routes|routes/index|jobs)\\.ts$` },
    ),
    // Nothing leaves for a customer but through the gate: an adapter is handed to handOver, and nobody else calls it.
    error(
      '12-one-way-out',
      {
        path: '^src/',
        pathNot: [TEST, '^src/capabilities/outreach/(index|service/hand-over)\\.ts$', '^src/app/cli/outreach\\.ts$'],
      },
      { path: '^src/capabilities/outreach/service/(file-adapter|hand-over)\\.ts$' },
    ),
    error('09-no-cycles', {}, { circular: true }),
    error('10-no-tests-in-production', { path: '^src/', pathNot: TEST }, { path: [TEST, '^test/'] }),
    error('11-nothing-unresolved', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
