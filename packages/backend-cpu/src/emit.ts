// A program as JavaScript source: a function for each kernel, and one that runs them all.
import type { Kernel, Program } from '@neurite/core/program';
import { bufferName } from './expressions.ts';
import { printFunctions } from './functions.ts';
import { emitGather } from './kernels/gather.ts';
import { emitMap } from './kernels/map.ts';
import { emitMatmul } from './kernels/matmul.ts';
import { emitReduce } from './kernels/reduce.ts';
import { Workspace } from './workspace.ts';

/**
 * The body of a function of (buffers, roundKeys) that gives `run(steps)`. `buffers` are the typed arrays of the
 * program's buffers in order.
 */
export function emitProgram(program: Program): string {
  const workspace = new Workspace();
  const functions = program.kernels.map((kernel, i) => {
    workspace.next();
    const body = emitKernel(kernel, workspace);
    // A label is somebody's text: it must not get out of the comment.
    const label = kernel.label.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ');
    return `// ${label}\nfunction kernel${i}() {\n${body}\n}`;
  });
  const names = program.kernels.map((_, i) => `kernel${i}`);
  // Arrays are constants around the kernels: V8 keeps their addresses in the code, which it does not for parameters. And
  // kernels are called through a list, one call for all, so that none is inlined: in V8 14, small kernels that its middle
  // compiler inlined into `run` stay there, and never reach the top one, which is up to ten times faster.
  return [
    "'use strict';",
    ...program.buffers.map(({ id }) => `const ${bufferName(id)} = buffers[${id}];`),
    ...workspace.print(),
    ...printFunctions(functions.join('\n')),
    ...functions,
    'function rest() {}',
    `const kernels = [${[...names, 'rest'].join(', ')}];`,
    'return function run(steps) {',
    `for (let step = 0; step < steps; step++) for (let k = 0; k < ${names.length + 1}; k++) kernels[k]();`,
    '};',
  ].join('\n');
}

function emitKernel(kernel: Kernel, workspace: Workspace): string {
  switch (kernel.kind) {
    case 'map':
      return emitMap(kernel, workspace);
    case 'reduce':
      return emitReduce(kernel, workspace);
    case 'matmul':
      return emitMatmul(kernel, workspace);
    case 'gather':
      return emitGather(kernel, workspace);
    default:
      return kernel satisfies never;
  }
}
