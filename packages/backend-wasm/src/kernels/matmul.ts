// Large matrix products. The right operand is copied into panels of eight columns; tiles of six rows and eight columns are
// summed in registers; blocks of sums then go through the kernel's formulas, so that whatever follows the product — bias,
// activation, an optimizer's update — reads and writes memory once.
import type { MatmulKernel } from '@neurite/core/program';
import type { Code, Local } from '../code.ts';
import { counters, type Range, writeNest, writeShare, writeTiles } from '../loops.ts';
import { formulasFor, type KernelContext, targetsOf } from './context.ts';
import { directBytes, isDirect, writeDirect } from './direct.ts';
import { type Operand, operandOf, panel } from './operand.ts';
import { writeLeftPacking, writeRightPacking } from './packing.ts';
import { panelBytes, product } from './product.ts';
import { tileRows } from './tile.ts';

/** Rows of the left operand and of a panel that are summed at a stretch: both lie in the first cache. */
const depth = 384;
/** Numbers of a block of sums: it stays in the second cache until the formulas have read it. */
const blockSize = 48 * 1024;

interface Plan {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly panels: number;
  /** Columns with those that fill the last panel. */
  readonly width: number;
  readonly tile: number;
  /** Rows of a block of sums. */
  readonly rows: number;
  /** Whether threads share out the columns; otherwise the rows, and each copies the whole right operand. */
  readonly byColumns: boolean;
}

function planOf({ shape, k }: MatmulKernel, relaxed: boolean, threads: number): Plan {
  const [m, n] = shape as [number, number];
  const panels = Math.ceil(n / panel);
  const width = panels * panel;
  const tile = tileRows(panel / 4, relaxed);
  // Whoever has rows copies the whole right operand, whoever has columns the whole left one: the smaller is copied twice.
  const byColumns = n >= m || Math.ceil(m / tile) < 4 * threads;
  const rows = Math.min(m, Math.max(tile, Math.floor(blockSize / width / tile) * tile));
  return { m, n, k, panels, width, tile, rows, byColumns };
}

/** Whether the left operand is copied: one that lies transposed, if enough tiles read the copy. */
const packsLeft = (leftColumn: number, { panels, k }: Plan): boolean =>
  leftColumn !== 1 && panels >= 4 && k >= 16;

/** Bytes that the kernel needs for each thread: panels, a block of sums, a stretch of the left operand. */
export function workspaceBytes(kernel: MatmulKernel, relaxed: boolean, threads: number): number {
  if (isDirect(kernel)) return directBytes(kernel);
  const plan = planOf(kernel, relaxed, threads);
  return leftOffset(plan) + 4 * (plan.rows + plan.tile) * Math.min(plan.k, depth) + 64;
}

const sumsOffset = ({ width, k }: Plan): number => 4 * width * k;
const leftOffset = (plan: Plan): number => sumsOffset(plan) + 4 * plan.width * plan.rows;

export function writeMatmul(context: KernelContext, kernel: MatmulKernel, threads: number): void {
  if (isDirect(kernel)) writeDirect(context, kernel, threads);
  else writeBlocks(context, kernel, threads);
}

function writeBlocks(context: KernelContext, kernel: MatmulKernel, threads: number): void {
  const { code, team, parallel, workspace, relaxed } = context;
  const plan = planOf(kernel, relaxed, threads);
  const { m, n, panels, width, tile, byColumns } = plan;
  const left = operandOf(context, kernel, kernel.left);
  const right = operandOf(context, kernel, kernel.right);
  const columns = parallel && byColumns ? writeShare(code, team, panels) : undefined;
  const rows = parallel && !byColumns ? writeShare(code, team, m, tile) : undefined;

  const [packed, sums, packedLeft] = [code.local('i32'), code.local('i32'), code.local('i32')];
  code.get(team.thread).times(workspace.bytesPerThread).plus(workspace.address).set(packed);
  code.get(packed).plus(sumsOffset(plan)).set(sums);
  code.get(packed).plus(leftOffset(plan)).set(packedLeft);
  writeRightPacking(code, right, plan, packed, columns);

  const loops = counters(code, [m, n]);
  const [i] = loops.outer as [Local];
  const block = code.local('i32'); // first row of the block of sums
  const formulas = formulasFor(context, kernel, kernel.outputs, {
    ...loops,
    accumulator: (size) => {
      // sums[(i − block) · width + j]
      code
        .get(i)
        .get(block)
        .op('i32.sub')
        .times(4 * width);
      code
        .plus(sums)
        .plus(loops.inner as Local)
        .op(size === 1 ? 'v128.load32_splat' : 'v128.load', 0);
    },
  });
  const targets = targetsOf(kernel);
  const wide = !formulas.choosesByElement && targets.every((use) => formulas.isContiguous(use));
  formulas.writePrologue();
  const columnShare = columns && columnRange(code, columns, n);

  const leftCopy = packsLeft(left.column / 4, plan) ? packedLeft : undefined;
  const leftShape = leftCopy
    ? { leftRow: 4, leftColumn: 4 * tile }
    : { leftRow: left.row, leftColumn: left.column };
  const products = new Map<number, number>();
  const productOf = (height: number): number => {
    const shape = { height, ...leftShape, width, relaxed };
    const index = products.get(height) ?? context.module.add(product(shape), `product of ${height} rows`);
    products.set(height, index);
    return index;
  };
  const blockEnd = code.local('i32');
  const range = rows ? { ...rows, guarded: true } : { from: 0, to: m };
  code.loop(block, { ...range, step: plan.rows }, () => {
    const end = (): Code => (rows ? code.get(rows.to) : code.i32(m));
    code.get(block).plus(plan.rows).tee(blockEnd);
    end().get(blockEnd);
    end().op('i32.lt_s').op('select').set(blockEnd);
    writeSums(code, { plan, left, leftCopy, packed, sums, block, blockEnd, columns, productOf });
    writeNest(code, {
      shape: [m, n],
      ...loops,
      share: { from: block, to: blockEnd },
      rowShare: columnShare,
      widest: wide ? 4 : 1,
      row: () => formulas.writeRow(),
      elements: (size) => formulas.writeElements(size, targets),
    });
  });
}

/** Panels as elements of a row. */
function columnRange(code: Code, columns: Range, n: number): Range {
  const [from, to] = [code.local('i32'), code.local('i32')];
  code.get(columns.from).times(panel).set(from);
  code.get(columns.to).times(panel).tee(to).i32(n).get(to).i32(n).op('i32.lt_s').op('select').set(to);
  return { from, to };
}

interface Sums {
  readonly plan: Plan;
  readonly left: Operand;
  /** Where stretches of the left operand are copied, if they are. */
  readonly leftCopy: Local | undefined;
  /** Panels of the right operand. */
  readonly packed: Local;
  readonly sums: Local;
  readonly block: Local;
  readonly blockEnd: Local;
  readonly columns: Range | undefined;
  readonly productOf: (height: number) => number;
}

/** Sums of one block, over all of k and this thread's panels. */
function writeSums(
  code: Code,
  { plan, left, leftCopy, packed, sums, block, blockEnd, columns, productOf }: Sums,
): void {
  const { m, k, panels, width, tile } = plan;
  const stretches = Math.ceil(k / depth);
  const length = Math.ceil(k / stretches);
  const [j, i] = [code.local('i32'), code.local('i32')];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const start = stretch * length;
    const count = Math.min(length, k - start);
    if (leftCopy) writeLeftPacking(code, { left, tile, start, count, block, blockEnd, packed: leftCopy });
    const call = (height: number): void => {
      if (leftCopy)
        code
          .get(i)
          .get(block)
          .op('i32.sub')
          .times(4 * count)
          .plus(leftCopy);
      else
        code
          .get(i)
          .times(left.row)
          .plus(left.address + start * left.column);
      code.get(j).times(panelBytes(k)).plus(packed).plus(panelBytes(start));
      code
        .get(i)
        .get(block)
        .op('i32.sub')
        .times(4 * width); // sums[i − block, 8 j]
      code
        .get(j)
        .times(4 * panel)
        .op('i32.add')
        .plus(sums);
      code
        .i32(count)
        .i32(stretch === 0 ? 0 : 1)
        .op('call', productOf(height));
    };
    const range = columns ? { ...columns, guarded: true } : { from: 0, to: panels };
    code.loop(j, range, () =>
      writeTiles(code, i, { size: m, tile, range: { from: block, to: blockEnd } }, call),
    );
  }
  code.free(j, i);
}
