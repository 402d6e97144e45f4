import { existsSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { chromium } from 'playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// CHROMIUM_PATH, else Debian's, else the one that `pnpm exec playwright install chromium` fetched.
const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', chromium.executablePath()].find(
  (path) => path !== undefined && existsSync(path),
);

/** What takes longest and changes least is for CI, and for who changes it: CI=1. */
const leftToCi = [
  'packages/backend-gpu/test/**',
  'packages/backend-wasm/test/*.browser.ts', // in Node, the suite always runs
  'apps/classify-images/test/main.test.ts', // whole trainings by the command
  'apps/docs/test/**',
  'tooling/integration/test/moving.test.ts',
  'tooling/new/test/**',
];
/** The suite on one thread of a page: in Node it runs on one thread and on two, in an isolated page on two. */
const leftToWhole =
  process.env.WHOLE_SUITE === undefined ? ['packages/backend-wasm/test/suite.browser.ts'] : [];
const leftOut = process.env.CI === undefined ? leftToCi : leftToWhole;

const node: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'node',
    isolate: false,
    testTimeout: 30_000, // tests prove behaviour: a busy machine must not fail them
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tooling/*/test/**/*.test.ts'],
    exclude: leftOut,
  },
};

const inBrowser = (
  name: string,
  include: string,
  exclude: string[] = [],
): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name,
    include: [include],
    exclude,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      instances: [{ browser: 'chromium' }],
      provider: playwright({
        launchOptions: {
          ...(executablePath && { executablePath }),
          args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      }),
    },
  },
});

const isolated = 'packages/*/test/**/*.isolated.browser.ts';
const browsers: TestProjectInlineConfiguration[] = [
  inBrowser('browser', 'packages/*/test/**/*.browser.ts', [isolated, ...leftOut]),
  {
    ...inBrowser('isolated browser', isolated, leftOut),
    // Pages may share memory with workers only where no other site can look into them.
    server: {
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    },
  },
];

/** Tests in Node that drive Chromium themselves. */
const driven: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'chromium',
    testTimeout: 300_000, // emulated GPUs compile slowly where the machine is busy
    hookTimeout: 300_000,
    include: ['{packages,apps}/*/test/**/*.chromium.ts'],
  },
};

// Somebody without Chromium can still test; CI cannot leave the browser out.
const withBrowser = executablePath !== undefined || process.env.CI !== undefined;
if (!withBrowser) console.warn('No Chromium found, so the browser tests are left out: set CHROMIUM_PATH.');

// GPUs that a processor emulates take minutes: CI runs them each time, who changes the GPU backend by CI=1.
const drivenByCi = process.env.CI === undefined ? [] : [driven];

export default defineConfig({
  // Tests read the packages' sources: nothing has to be built first.
  ssr: { resolve: { conditions: ['@neurite/source', 'module', 'node', 'development|production'] } },
  resolve: { conditions: ['@neurite/source', 'module', 'browser', 'development|production'] },
  // Every processor: vitest leaves one for others, which on two of them is half.
  test: { maxWorkers: '100%', projects: withBrowser ? [node, ...drivenByCi, ...browsers] : [node] },
});
