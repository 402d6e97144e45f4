// The rules that a program must keep, checked in tests and wherever a program comes from outside: what a borrow checker
// would say of it.
import { NeuriteError } from '../errors.ts';
import { byteSize } from '../scalar/dtype.ts';
import { sizeOf } from '../scalar/shape.ts';
import { visitExpressions } from './expression.ts';
import { printProgram } from './print.ts';
import { kernelExpressions, type Program, type Use } from './program.ts';

/**
 * Throws a NeuriteError with the printed program unless: every access lies in its buffer; what is read was written
 * before; a kernel that writes to a place touches it in no other way; operands of products have a stride of 1; scratch buffers that live at once do not overlap;
 * inputs and data are never written; each written use has a formula of its dtype; formulas read uses that exist.
 */
export function verifyProgram(program: Program): void {
  const { buffers, kernels } = program;
  const fail = (what: string): never => {
    throw new NeuriteError('internal', `${what} in\n${printProgram(program)}`);
  };
  const written = new Set(
    buffers.filter(({ home }) => home !== 'scratch' && home !== 'output').map(({ id }) => id),
  );

  buffers.forEach((buffer, i) => {
    if (buffer.id !== i) fail(`buffer ${i} calls itself ${buffer.id}`);
    if (buffer.home !== 'scratch') return;
    if (buffer.offset + buffer.length * byteSize(buffer.dtype) > program.scratchBytes)
      fail(`${buffer.name} sticks out`);
    for (const other of buffers.slice(i + 1)) {
      if (other.home !== 'scratch') continue;
      const liveAtOnce = buffer.live[0] <= other.live[1] && other.live[0] <= buffer.live[1];
      const shareBytes =
        buffer.offset < other.offset + other.length * byteSize(other.dtype) &&
        other.offset < buffer.offset + buffer.length * byteSize(buffer.dtype);
      if (liveAtOnce && shareBytes) fail(`${buffer.name} and ${other.name} overlap`);
    }
  });

  for (const [name, { buffer, offset, shape }] of Object.entries(program.names)) {
    if (offset < 0 || offset + sizeOf(shape) > (buffers[buffer]?.length ?? 0))
      fail(`${name} does not lie in its buffer`);
  }

  kernels.forEach((kernel, position) => {
    const where = `kernel ${position} (${kernel.label})`;
    const sizes =
      kernel.kind === 'reduce'
        ? [...kernel.shape, ...kernel.over]
        : kernel.kind === 'matmul'
          ? []
          : [...kernel.shape];
    const reached = kernel.uses.map((use, u) =>
      reach(use, kernel.kind === 'matmul' ? operandSizes(kernel, u) : sizes),
    );
    for (const [u, use] of kernel.uses.entries()) {
      const buffer = buffers[use.buffer] ?? fail(`${where} uses buffer ${use.buffer}, which is not there,`);
      const [low, high] = reached[u] as Range;
      const anyRow = kernel.kind === 'gather' && u === kernel.source;
      if (!anyRow && (low < 0 || high >= buffer.length) && !isGuarded(kernel))
        fail(`${where} reaches ${low}…${high} of ${buffer.name}`);
      if (position < buffer.live[0] || position > buffer.live[1])
        fail(`${where} uses ${buffer.name} outside its life`);
      if (use.access !== 'write' && !written.has(use.buffer))
        fail(`${where} reads ${buffer.name} before it is written`);
      if (use.access !== 'read' && (buffer.home === 'input' || buffer.home === 'data'))
        fail(`${where} writes ${buffer.name}`);
      if (use.access === 'update' && buffer.home !== 'state')
        fail(`${where} updates ${buffer.name}, which is no state,`);
      const crossed = kernel.uses.some(
        (other, o) => o !== u && other.buffer === use.buffer && overlap(reached[o] as Range, [low, high]),
      );
      if (use.access !== 'read' && crossed && !isGuarded(kernel))
        fail(`${where} writes to ${buffer.name} where it also reads or writes other elements`);
    }
    if (kernel.kind === 'matmul') {
      for (const u of [kernel.left, kernel.right]) {
        const operand = operandSizes(kernel, u);
        const strides = kernel.uses[u]?.view.strides ?? [];
        if (!strides.some((stride, axis) => stride === 1 || operand[axis] === 1))
          fail(`${where} has an operand with strides ${strides}, none of them 1,`);
      }
    }
    const writing = kernel.uses.filter((use) => use.access !== 'read');
    if (writing.length !== kernel.outputs.length)
      fail(`${where} writes ${writing.length} times with ${kernel.outputs.length} formulas`);
    writing.forEach((use, i) => {
      const dtype = buffers[use.buffer]?.dtype;
      if (kernel.outputs[i]?.dtype !== dtype) fail(`${where} writes ${kernel.outputs[i]?.dtype} to ${dtype}`);
      written.add(use.buffer);
    });
    visitExpressions(kernelExpressions(kernel), (expression) => {
      if (expression.kind !== 'read') return;
      const use = kernel.uses[expression.use];
      if (!use || use.access === 'write') fail(`${where} has a formula that reads use ${expression.use}`);
      else if (buffers[use.buffer]?.dtype !== expression.dtype)
        fail(`${where} reads ${use.buffer} as ${expression.dtype}`);
    });
  });
  for (const { home, id, name } of buffers) {
    if (home === 'output' && !written.has(id)) fail(`output ${name} is never written`);
  }
}

type AnyKernel = Program['kernels'][number];

/** Formulas with a choice may name elements outside a buffer in the branch that is not taken. */
function isGuarded(kernel: AnyKernel): boolean {
  let guarded = false;
  visitExpressions(kernelExpressions(kernel), (expression) => {
    guarded ||= expression.kind === 'within';
  });
  return guarded;
}

function operandSizes(kernel: AnyKernel & { kind: 'matmul' }, use: number): readonly number[] {
  const [m, n] = kernel.shape as [number, number];
  return use === kernel.left ? [m, kernel.k] : use === kernel.right ? [kernel.k, n] : [m, n];
}

type Range = readonly [low: number, high: number];

const overlap = (a: Range, b: Range): boolean => a[0] <= b[1] && b[0] <= a[1];

/** The lowest and highest address of a use. */
function reach({ view }: Use, sizes: readonly number[]): Range {
  let [low, high] = [view.offset, view.offset];
  view.strides.forEach((stride, axis) => {
    const far = stride * ((sizes[axis] as number) - 1);
    if (far < 0) low += far;
    else high += far;
  });
  return [low, high];
}
