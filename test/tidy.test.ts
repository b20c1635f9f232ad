import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { projectFile } from '../src/platform/files.ts';

/** House style that no linter knows. A finding reads `file:line what`. */
const FILE_LINES = 400;
const FUNCTION_LINES = 70;
const CAPABILITIES = ['feed', 'organisation', 'products', 'customers', 'closing', 'coverage', 'disclosure', 'audit', 'personal'];
const SCHEMAS = [...CAPABILITIES, 'platform'];

function filesUnder(folder: string): string[] {
  return readdirSync(projectFile('.'), { withFileTypes: true }).some((entry) => entry.name === folder.split('/')[0])
    ? readdirSync(projectFile(folder), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(projectFile('.').length))
        .map((path) => path.replace(/^\//, ''))
    : [];
}

const isGenerated = (file: string) => /(\.gen\.ts|\.d\.ts)$/.test(file);
const isTest = (file: string) => /(\.test|\.browser|\/test-[a-z-]+)\.tsx?$/.test(file) || file.startsWith('test/');

const sources = ['src', 'test', 'bench', 'examples', 'scripts']
  .flatMap(filesUnder)
  .filter((file) => /\.tsx?$/.test(file) && !isGenerated(file))
  .map((file) => {
    const text = readFileSync(projectFile(file), 'utf8');
    return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true) };
  });
type Source = (typeof sources)[number];

function lineOf({ tree }: Source, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** Walks every node of the files that `where` admits and collects what `judge` has to say. */
function findings(where: (file: string) => boolean, judge: (node: ts.Node, source: Source) => string | undefined): string[] {
  const found: string[] = [];
  for (const source of sources.filter(({ file }) => where(file))) {
    const visit = (node: ts.Node): void => {
      const words = judge(node, source);
      if (words !== undefined) found.push(`${source.file}:${lineOf(source, node)} ${words}`);
      ts.forEachChild(node, visit);
    };
    visit(source.tree);
  }
  return found;
}

it('sees the sources', () => {
  expect(sources.length).toBeGreaterThan(50);
});

it(`keeps files within ${FILE_LINES} lines`, () => {
  const long = sources.map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }));
  expect(long.filter(({ lines }) => lines > FILE_LINES)).toEqual([]);
});

it(`keeps functions within ${FUNCTION_LINES} lines`, () => {
  const long = findings(
    (file) => !isTest(file),
    (node, { tree }) => {
      if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return undefined;
      const from = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
      const lines = tree.getLineAndCharacterOfPosition(node.getEnd()).line - from + 1;
      return lines > FUNCTION_LINES ? `function of ${lines} lines` : undefined;
    },
  );
  expect(long).toEqual([]);
});

it('has no any, no non-null assertion and no unchecked cast', () => {
  const loose = findings(
    // The kernel makes the brands (fen, business date): a cast behind a check is how.
    (file) => file.startsWith('src/') && !file.startsWith('src/kernel/') && !isTest(file),
    (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any';
      if (ts.isNonNullExpression(node)) return 'non-null assertion';
      if (ts.isAsExpression(node) && !ts.isConstTypeReference(node.type) && node.type.kind !== ts.SyntaxKind.UnknownKeyword) {
        return `cast: ${node.getText()}`;
      }
      return undefined;
    },
  );
  expect(loose).toEqual([]);
});

/** Pure code and services take the time and chance as arguments, or a night could not be repeated. */
it('reads no clock and no chance outside the edges', () => {
  const inside = (file: string) =>
    /^src\/(kernel|capabilities|demo|platform)\//.test(file) && !isTest(file) && !file.includes('/page/');
  const reads = findings(inside, (node) => {
    if (ts.isCallExpression(node) && /^(Math\.random|Date\.now)$/.test(node.expression.getText())) return node.getText();
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return node.getText();
    return undefined;
  });
  expect(reads).toEqual([]);
});

/** Every SQL text there is: migrations, and each string in the sources. Comments are not SQL. */
function sqlTexts(): { place: string; file: string; sql: string }[] {
  const texts = filesUnder('migrations').map((file) => ({
    place: file,
    file,
    sql: readFileSync(projectFile(file), 'utf8').replace(/--.*$/gm, ''),
  }));
  for (const source of sources.filter(({ file }) => !isTest(file))) {
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
        texts.push({ place: `${source.file}:${lineOf(source, node)}`, file: source.file, sql: node.getText() });
      }
      ts.forEachChild(node, visit);
    };
    visit(source.tree);
  }
  return texts;
}

/** A cluster does not run these, or runs them otherwise (shared/citus). */
const BANNED_SQL = [/\bset_config\s*\(/i, /\bmerge\s+into\b/i, /\bgroup\s+by\s+(rollup|cube|grouping\s+sets)\b/i];

it('writes no SQL that a cluster cannot run', () => {
  expect(sqlTexts().filter(({ sql }) => BANNED_SQL.some((banned) => banned.test(sql)))).toEqual([]);
});

const WRITE = new RegExp(
  `\\b(?:insert\\s+into|update(?:\\s+only)?|delete\\s+from(?:\\s+only)?|truncate(?:\\s+table)?|copy)\\s+(${SCHEMAS.join('|')})\\.\\w+`,
  'gi',
);

it('lets each capability write only its own tables', () => {
  const trespass = sqlTexts().flatMap(({ place, file, sql }) => {
    const owner = /^src\/capabilities\/([^/]+)\//.exec(file)?.[1];
    if (owner === undefined) return [];
    return [...sql.matchAll(WRITE)].filter((match) => match[1] !== owner).map((match) => `${place} ${match[0]}`);
  });
  const built = findings(
    (file) => file.startsWith('src/capabilities/') && !isTest(file),
    (node, { file }) => {
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
      if (!['insertInto', 'updateTable', 'deleteFrom'].includes(node.expression.name.text)) return undefined;
      const table = node.arguments[0];
      const owner = file.split('/')[2];
      if (!table || !ts.isStringLiteralLike(table) || table.text.split('.')[0] === owner) return undefined;
      return `${node.expression.name.text} ${table.text}`;
    },
  );
  expect([...trespass, ...built]).toEqual([]);
});
