// WebGPU in Node: the package `webgpu`, on the software implementation of Vulkan that comes with Chromium.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { swiftShader } from './chromium.ts';

interface Found {
  readonly mode: string;
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** Living buffers after 50 steps, and after 10,000 more. */
  readonly before: number;
  readonly after: number;
}

describe('WebGPU in Node', () => {
  let found: Found;
  beforeAll(async () => {
    if (!swiftShader) throw new Error('there is no vk_swiftshader_icd.json beside Chromium');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@neurite/source', fileURLToPath(new URL('./children/webgpu.ts', import.meta.url))],
      {
        env: {
          ...process.env,
          VK_ICD_FILENAMES: join(swiftShader, 'vk_swiftshader_icd.json'),
          LD_LIBRARY_PATH: swiftShader,
        },
      },
    );
    found = JSON.parse(stdout.trim().split('\n').at(-1) as string);
  }, 600_000);

  it('is what ran', () => {
    expect(found.mode).toMatch(/^WebGPU, emulated by SwiftShader/);
  });

  it('passes the suite', () => {
    expect(found.failed).toEqual([]);
    expect(found.passed.length).toBeGreaterThan(30);
  });

  it('holds nothing more after 10,000 steps', () => {
    expect(found.before).toBeGreaterThan(0);
    expect(found.after).toBe(found.before);
  });
});
