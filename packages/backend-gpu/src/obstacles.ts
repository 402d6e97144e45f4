// Why a mode cannot run here, found out before it is tried, in words that say what would help.
import type { Library } from './library.ts';
import type { Mode } from './modes.ts';
import { provideWebGpu } from './webGpuInNode.ts';

/** Undefined where nothing speaks against it. */
export async function obstacleTo(mode: Mode, library: Library): Promise<string | undefined> {
  switch (mode) {
    case 'webgpu':
      return (await provideWebGpu()) ?? (await adapterObstacle());
    case 'webgl2':
      return library.WebGL2Kernel.isSupported ? undefined : 'there is no WebGL 2 context here';
    case 'webasm':
      return mayCompileWebAssembly()
        ? undefined
        : 'there is no WebAssembly, or the content-security policy forbids it: allow wasm-unsafe-eval';
    case 'cpu':
      return mayGenerateCode()
        ? undefined
        : 'the content-security policy forbids code made from text: allow unsafe-eval';
    default:
      return mode satisfies never;
  }
}

async function adapterObstacle(): Promise<string | undefined> {
  const { gpu } = navigator as unknown as { gpu: { requestAdapter(): Promise<unknown> } };
  const adapter = await gpu.requestAdapter().catch(() => null);
  return adapter ? undefined : 'there is no adapter: no GPU, no driver, or the browser has switched it off';
}

/** The header of a module without anything in it. */
const emptyModule = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

function mayCompileWebAssembly(): boolean {
  try {
    return new WebAssembly.Module(emptyModule) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}

function mayGenerateCode(): boolean {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
}
