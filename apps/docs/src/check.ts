// Compiles modules in one go, and runs them.
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { PageModule } from './modules.ts';
import { here, root } from './pages.ts';
import type { Report } from './run.ts';

/** Where modules are written: two folders deep in the app, from where they find the packages and src/. */
export class Workshop {
  readonly #folder: string;

  constructor(name: string) {
    this.#folder = join(here, '.generated', name);
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
  }

  write(modules: readonly PageModule[]): void {
    for (const { name, source } of modules) writeFileSync(this.#path(name), source);
    const options = { extends: '../../tsconfig.json', include: ['*.ts'] };
    writeFileSync(join(this.#folder, 'tsconfig.json'), JSON.stringify(options));
  }

  /** What the compiler finds, one line each, with the place on the page: "README.md:17: TS2322: …". */
  async compile(modules: readonly PageModule[]): Promise<string[]> {
    const byName = new Map(modules.map((module) => [`${module.name}.ts`, module]));
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await execute(here, compiler, ['-p', this.#folder, '--pretty', 'false']);
    return stdout.split('\n').flatMap((line) => {
      const [, path, row, message] = /^(.+?)\((\d+),\d+\): error (.*)$/.exec(line) ?? [];
      if (path === undefined) return [];
      const file = relative(this.#folder, join(here, path));
      const origin = byName.get(file)?.origins[Number(row) - 1];
      return [`${origin ?? `${path}:${row}`}: ${message}`];
    });
  }

  /** What each module that fails says, after the page's name, and what was printed. */
  async run(modules: readonly PageModule[]): Promise<{ failures: string[]; printed: Report['printed'] }> {
    const paths = modules.map(({ name }) => this.#path(name));
    const script = join(here, 'src/run.ts');
    const { stdout, stderr } = await execute(this.#folder, script, paths);
    if (stdout === '') throw new Error(`the pages could not be run: ${stderr}`);
    const { failures, printed } = JSON.parse(stdout) as Report;
    return {
      failures: modules.flatMap((module, i) => {
        const failure = failures[paths[i] as string];
        return failure === undefined ? [] : [this.#withOrigin(module, failure)];
      }),
      printed,
    };
  }

  /** The first line of a failure, after the place on the page where it came from. */
  #withOrigin({ name, origins, blocks }: PageModule, failure: string): string {
    const row = new RegExp(`${name}\\.ts:(\\d+)`).exec(failure)?.[1];
    const origin = row === undefined ? undefined : origins[Number(row) - 1];
    return `${origin ?? blocks[0]?.page}: ${failure.split('\n')[0]}`;
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.ts`);
  }
}

/** Runs a script of JavaScript or TypeScript in `folder`, with the Node that runs this. */
const execute = (
  folder: string,
  script: string,
  args: readonly string[],
): Promise<{ stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@neurite/source', '--no-warnings', script, ...args],
      { cwd: folder, maxBuffer: 2 ** 26 },
      (_, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });
