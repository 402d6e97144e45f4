// A new plugin of each kind works as it stands: types, its test, its place in the index.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { kinds } from '../src/kinds.ts';
import { planPlugin, withLine } from '../src/plan.ts';

const root = join(import.meta.dirname, '../../..');
/** Within the repository, so that the packages are found. */
const copy = join(import.meta.dirname, '../.generated');
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), text);
};
const run = (command: string, args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', command), args, {
    cwd: copy,
    encoding: 'utf8',
  });
  return status === 0 ? '' : `${stdout}\n${stderr}`;
};

describe('a new plugin of each kind', () => {
  const plans = Object.keys(kinds).map((kind) => ({ kind, plan: planPlugin(kind, `fresh${kind}`) }));

  test('has types, and passes its own test', { timeout: 120_000 }, () => {
    rmSync(copy, { recursive: true, force: true });
    for (const { plan } of plans) {
      const folder = dirname(plan.index.path);
      cpSync(join(root, folder), join(copy, folder), { recursive: true, force: false });
      write(plan.source.path, plan.source.text);
      write(plan.test.path, plan.test.text);
      write(plan.index.path, withLine(readFileSync(join(copy, plan.index.path), 'utf8'), plan.index.line));
    }
    const settings = {
      extends: '@neurite/tsconfig/library.json',
      include: ['packages/*/src', 'packages/*/test'],
    };
    write('tsconfig.json', JSON.stringify(settings));
    write(
      'vitest.config.ts',
      `export default {
        ssr: { resolve: { conditions: ['@neurite/source', 'module', 'node'] } },
        test: { isolate: false, include: ['packages/*/test/**/*.test.ts'] },
      };`,
    );
    expect(run('tsc', ['-p', 'tsconfig.json', '--noEmit'])).toBe('');
    expect(run('vitest', ['run', '--root', copy])).toBe('');
  });

  test.each(plans)('$kind: has a changeset, and says what is to be written', ({ kind, plan }) => {
    expect(plan.changeset.text).toMatch(
      new RegExp(`^---\n'@neurite/\\w+': minor\n---\n\nThe ${kind} \`fresh${kind}\`\\.\n$`),
    );
    expect(plan.source.text).toContain('TODO: the formula');
  });
});

describe('the line in the index', () => {
  const index =
    "export { a } from './a.ts';\nexport {\n  type M,\n  m,\n} from './m.ts';\nexport { z } from './sub/z.ts';\n";

  test.each([
    ['b', 1],
    ['n', 5],
    ['sub/a', 5],
    ['zz', 6],
  ])('%s comes to where it belongs', (path, at) => {
    const line = `export { x } from './${path}.ts';`;
    const lines = withLine(index, line).split('\n');
    expect(lines.indexOf(line)).toBe(at);
    expect(lines.toSpliced(at, 1).join('\n')).toBe(index);
  });
});

describe('what cannot be made', () => {
  test.each([
    ['activaton', 'x', /^there is no kind "activaton"; the kinds are activation, layer/],
    ['backend', 'x', /^there is no kind "backend" \(a backend is a package of its own/],
    ['constructor', 'x', /^there is no kind "constructor"/],
    ['activation', 'leaky-relu', /^"leaky-relu" is no name for a plugin/],
    ['activation', '../x', /^"..\/x" is no name/],
    ['activation', 'Relu', /^"Relu" is no name/],
  ])('%s %s says why', (kind, name, message) => {
    expect(() => planPlugin(kind, name)).toThrow(message);
  });
});
