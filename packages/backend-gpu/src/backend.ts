// The backend: programs become kernels of gpu.js, in the best mode that runs here.
import {
  type Backend,
  type BackendReport,
  backend,
  choiceOption,
  type Executable,
  kernelLimits,
  NeuriteError,
  type Program,
} from '@neurite/core/program';
import { type Chosen, choose } from './choose.ts';
import { GpuExecutable, leave } from './executable.ts';
import { maxReads } from './plan.ts';

/**
 * The GPU, through gpu.js.
 *
 * - `mode`: `auto`, the default, is the first that works of WebGPU and WebGL 2 on a real GPU, and else gpu.js's WebAssembly
 *   or JavaScript, slower than the wasm and cpu backends; `report()` says which it is, and why it is none of those before.
 *   A mode by name, `webgpu`, `webgl2`, `webasm` or `cpu`, is that or an error, on a real GPU or an imitation.
 *
 * Computes in float32; integers are exact up to 2²⁴. Throws NeuriteError `unsupported` at the first `compile` where a mode
 * does not run.
 *
 * @example
 * const trainer = await train(network, { loss, optimizer, backend: gpu() });
 * console.log(trainer.backend.report());
 */
export const gpu = /* @__PURE__ */ backend(
  'gpu',
  { mode: /* @__PURE__ */ choiceOption('auto', ['auto', 'webgpu', 'webgl2', 'webasm', 'cpu']) },
  ({ mode }): Omit<Backend, 'kind' | 'type' | 'options'> => {
    let chosen: Promise<Chosen> | undefined;
    let report: BackendReport | undefined;
    return {
      capabilities: {
        dtypes: ['float32', 'int32', 'uint8'],
        inPlace: true,
        limits: kernelLimits({ maxReads, maxWrites: 1 }),
      },
      report: () => report,
      async compile(program: Program, beside?: Executable): Promise<Executable> {
        if (beside && !(beside instanceof GpuExecutable)) {
          throw new NeuriteError(
            'state',
            'gpu: memory can be shared only with an executable of this backend',
          );
        }
        const shared = beside?.claim() ?? new Map<string, never>();
        try {
          const known = await chosen?.catch(() => undefined);
          if (!known || known.device.isLost) chosen = choose(mode);
          const { device, report: found } = await (chosen as Promise<Chosen>);
          report = found;
          if (!beside || beside.device === device) return await GpuExecutable.make(program, shared, device);
          throw new NeuriteError(
            'state',
            'gpu: the memory to be shared was lost with its GPU: make a new trainer',
          );
        } catch (error) {
          for (const memory of shared.values()) leave(memory);
          throw error;
        }
      },
    };
  },
);
