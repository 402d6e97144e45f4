// The backend: programs become JavaScript functions, or closures where code may not be made from text.
import {
  type Backend,
  type BackendReport,
  backend,
  choiceOption,
  type Executable,
  type Program,
  roundKeys,
} from '@neurite/core/program';
import { emitProgram } from './emit.ts';
import { CpuExecutable, type Run } from './executable.ts';
import { interpret } from './interpret.ts';
import { allocate, type Buffers } from './memory.ts';

/**
 * Computes with generated JavaScript, wherever JavaScript runs.
 *
 * @param options `codeGeneration`: `auto` (where the page allows it; the executable's `mode` says what it came to) or
 * `never`.
 * @example
 * const trainer = await train(network, { loss: softmaxCrossEntropy(), optimizer: adam(), backend: cpu() });
 */
export const cpu = /* @__PURE__ */ backend(
  'cpu',
  { codeGeneration: /* @__PURE__ */ choiceOption('auto', ['auto', 'never']) },
  ({ codeGeneration }): Omit<Backend, 'kind' | 'type' | 'options'> => {
    /** Trainers of the same structure have the same source. */
    const compiled = new Map<string, Compiled>();
    let report: BackendReport | undefined;
    return {
      capabilities: { dtypes: ['float32', 'float64', 'int32', 'uint8'], inPlace: true },
      report: () => report,
      compile: async (program: Program, beside?: Executable) => {
        const buffers = allocate(program, beside instanceof CpuExecutable ? beside.shared : undefined);
        if (codeGeneration === 'never' || !mayGenerateCode()) {
          report = { mode: 'interpreted', notes: [codeGeneration === 'never' ? byOption : byPolicy] };
          return new CpuExecutable(program, buffers, interpret(program, buffers), 'interpreted');
        }
        report = { mode: 'generated JavaScript', notes: [] };
        const source = emitProgram(program);
        const make = compiled.get(source) ?? evaluateSource(source);
        compiled.set(source, make);
        return new CpuExecutable(program, buffers, make(buffers, roundKeys), 'compiled');
      },
    };
  },
);

const byOption = 'codeGeneration is "never"';
const byPolicy = 'the content-security policy of this page forbids code made from text (unsafe-eval)';

type Compiled = (buffers: Buffers, keys: typeof roundKeys) => Run;

const evaluateSource = (source: string): Compiled => new Function('buffers', 'roundKeys', source) as Compiled;

/** Whether the page's content-security policy, if there is one, lets code be made from text. */
function mayGenerateCode(): boolean {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
}
