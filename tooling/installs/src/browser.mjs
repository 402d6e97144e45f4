// Bundles and plain pages, run in Chromium.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { chromium } from 'playwright';
import sirv from 'sirv';
import { build as vite } from 'vite';

/** Makes `page-esbuild/index.html` in a project: its program as one bundle, minified. */
export async function bundleByEsbuild(project) {
  const out = join(project, 'page-esbuild');
  await esbuild({
    entryPoints: [join(project, 'page.mjs')],
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    outdir: out,
    logLevel: 'error',
  });
  writeFileSync(join(out, 'index.html'), page('<script type="module" src="./page.js"></script>'));
}

/** Makes `page-vite/index.html`: what Vite builds of a page with the program. */
export async function bundleByVite(project) {
  writeFileSync(join(project, 'index.html'), page('<script type="module" src="/page.mjs"></script>'));
  await vite({
    root: project,
    base: './',
    configFile: false,
    logLevel: 'error',
    build: { outDir: 'page-vite', chunkSizeWarningLimit: 2000 },
  });
}

/** Makes `page-import-map/index.html`: no bundler, the packages' own files by an import map. */
export function writeImportMap(project, packages) {
  const imports = {};
  for (const name of packages) {
    const folder = `node_modules/@neurite/${name}`;
    const { exports } = JSON.parse(readFileSync(join(project, folder, 'package.json'), 'utf8'));
    for (const [entry, target] of Object.entries(exports)) {
      if (entry === './package.json') continue;
      imports[`@neurite/${name}${entry.slice(1)}`] = `../${join(folder, target.default)}`;
    }
  }
  mkdirSync(join(project, 'page-import-map'), { recursive: true });
  writeFileSync(
    join(project, 'page-import-map/index.html'),
    page(
      `<script type="importmap">${JSON.stringify({ imports })}</script><script type="module" src="../page.mjs"></script>`,
    ),
  );
}

const page = (scripts) => `<!doctype html><meta charset="utf-8"><title>…</title>${scripts}`;

/** Opens pages of projects one after another. */
export class Pages {
  #browser;
  #server;

  /** @param root the folder that is served. */
  async open(root) {
    const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', chromium.executablePath()].find(
      (path) => path && existsSync(path),
    );
    if (!executablePath) throw new Error('no Chromium was found: set CHROMIUM_PATH');
    this.#browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    this.#server = createServer(sirv(root, { dev: true, dotfiles: true }));
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** What the program on a page says; throws what it throws. */
  async run(path) {
    const tab = await this.#browser.newPage();
    const complaints = [];
    tab.on('pageerror', (error) => complaints.push(error.message));
    tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    try {
      await tab.goto(`http://127.0.0.1:${this.#server.address().port}/${path}/`);
      await tab.waitForFunction(() => document.title !== '…', undefined, { timeout: 30_000 });
      const title = await tab.title();
      if (title.startsWith('failed')) throw new Error(title);
      return title;
    } catch (error) {
      throw new Error([error.message, ...complaints].join('; '));
    } finally {
      await tab.close();
    }
  }

  async close() {
    await this.#browser?.close();
    this.#server?.close();
  }
}
