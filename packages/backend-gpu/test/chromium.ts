// Chromium with the tests' page, bundled and minified by Vite as an application would be.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { build } from 'vite';

/** CHROMIUM_PATH, else Debian's, else playwright's. */
const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', chromium.executablePath()].find(
  (path) => path !== undefined && existsSync(path),
);

/** A folder with Chromium's software implementation of Vulkan, SwiftShader: beside it, or where Debian puts it. */
export const swiftShader = [dirname(executablePath ?? ''), '/usr/lib/chromium'].find((folder) =>
  existsSync(join(folder, 'vk_swiftshader_icd.json')),
);

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };
const isolated = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export interface Pages {
  /** @param policy the content-security policy of a page that is not isolated from other origins, as it is else. */
  open(policy?: string): Promise<Page>;
  /** Names of the files of the bundle, and their sizes. */
  readonly files: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** WebGL 2 and WebGPU are emulated here, by SwiftShader. */
export async function openPages(): Promise<Pages> {
  const outDir = await mkdtemp(join(tmpdir(), 'backend-gpu-'));
  const files: Record<string, number> = {};
  await build({
    root: fileURLToPath(new URL('./page', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@neurite/source', 'module', 'browser', 'development|production'] },
    build: { outDir, emptyOutDir: true, minify: true, target: 'es2022', chunkSizeWarningLimit: 1000 },
    plugins: [
      {
        name: 'sizes',
        writeBundle: (_, bundle) => {
          for (const [name, chunk] of Object.entries(bundle))
            files[name] = 'code' in chunk ? chunk.code.length : 0;
        },
      },
    ],
  });
  const server = createServer(({ url = '/' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const path = join(outDir, pathname === '/' ? 'index.html' : pathname);
    const policy = searchParams.get('policy');
    response.writeHead(existsSync(path) ? 200 : 404, {
      'Content-Type': types[extname(path)] ?? 'text/plain',
      ...(policy ? { 'Content-Security-Policy': policy } : isolated),
    });
    response.end(existsSync(path) ? readFileSync(path) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const browser: Browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: [
      '--no-sandbox',
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  });
  return {
    files,
    async open(policy) {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${port}/${policy ? `?policy=${encodeURIComponent(policy)}` : ''}`);
      await page.waitForFunction('globalThis.ask !== undefined');
      return page;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
