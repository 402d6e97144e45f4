// The built book in Chromium: reads without a script, fits a phone, runs its experiments again and gets the same numbers.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chapters } from '../src/chapters.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = ['', ...chapters.map(({ id }) => `${id}/`)];
// The gates of CI have just built the book.
const isBuilt = process.env.FAILED_GATES !== undefined;
const outDir = isBuilt ? join(root, 'dist') : mkdtempSync(join(tmpdir(), 'notes-'));
let server: PreviewServer;
let browser: Browser;
let address: string;

beforeAll(async () => {
  // In a process of its own, as `pnpm build` does it: not within the modules of this test.
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const { NODE_ENV: _, ...env } = process.env;
  if (!isBuilt)
    await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', outDir], { cwd: root, env });
  server = await preview({ root, build: { outDir }, preview: { port: 0 } });
  address = server.resolvedUrls!.local[0]!;
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (!isBuilt) rmSync(outDir, { recursive: true, force: true });
});

test.each(pages)('/%s fits a phone, and a wide screen, in the dark too', async (path) => {
  const page = await browser.newPage();
  await page.goto(address + path);
  for (const [width, colorScheme] of [
    [390, 'light'],
    [1280, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, `at ${width} px`).toBeLessThanOrEqual(0);
  }
  await page.close();
});

test('words, figures, facts and code are there without a script', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  for (const { id, claims } of chapters) {
    await page.goto(`${address}${id}/`);
    const sections = page.locator('[data-claim]');
    expect(await sections.count()).toBe(claims.length);
    for (const section of await sections.all()) {
      expect((await section.locator('p').first().innerText()).length).toBeGreaterThan(60);
      expect(await section.locator('figure').locator('svg, table, pre').count()).toBeGreaterThan(0);
      expect(await section.locator('.facts .holds').count()).toBeGreaterThan(0);
      expect(await section.locator('.facts .fails').count()).toBe(0);
      expect(await section.locator('.code').innerText()).toContain('async function experiment');
    }
  }
  await context.close();
});

// The experiments of all claims are tested in Node; that a page gets the same numbers, by every sixth.
const some = chapters.map(({ claims, ...chapter }) => ({
  ...chapter,
  claims: claims.filter((_, i) => i % 6 === 0),
}));

describe.each(some)('$title', ({ id, claims }) => {
  test('runs again, with the numbers of the book', async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`${address}${id}/`);
    await page.locator('html[data-ready]').waitFor();
    const differing: string[] = [];
    for (const { id: claim } of claims) {
      const section = page.locator(`[data-claim="${claim}"]`);
      await section.getByRole('button', { name: 'Run again' }).click();
      await section.locator('.status', { hasText: /^Ran here|failed/ }).waitFor({ timeout: 120_000 });
      if ((await section.getAttribute('data-same')) !== 'true') differing.push(claim);
    }
    expect(differing).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });
});

test('a slider asks another question', async () => {
  const page = await browser.newPage();
  await page.goto(`${address}neuron/`);
  await page.locator('html[data-ready]').waitFor();
  const section = page.locator('[data-claim="firingRate"]');
  const before = await section.locator('figure').innerHTML();
  await section.getByRole('slider', { name: 'bias' }).fill('3');
  await section.locator('.status', { hasText: 'another question' }).waitFor();
  expect(await section.locator('figure').innerHTML()).not.toBe(before);
  expect(await section.locator('output[for="firingRate-b"]').innerText()).toBe('3');
  await page.close();
});
