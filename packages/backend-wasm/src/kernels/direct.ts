// Matrix products that are not worth a copy: operands are read where they lie, and sums go from the registers through the
// kernel's formulas. With few columns, few rows, or operands that stay in the second cache together.
import type { MatmulKernel } from '@neurite/core/program';
import type { Width } from '../addresses.ts';
import type { Local } from '../code.ts';
import { counters, writeShare, writeTiles } from '../loops.ts';
import { splatInteger } from '../vectors.ts';
import { formulasFor, type KernelContext, targetsOf } from './context.ts';
import { operandOf } from './operand.ts';
import { writeColumnCopy } from './packing.ts';
import { tileOf, tileRows } from './tile.ts';

/** Columns up to which a right operand that lies transposed is copied whole. */
const fewColumns = 24;
/** Rows that are few enough for each number of the right operand to be used but a few times. */
const fewRows = 6;
/** Columns of a tile where threads share out the columns: wider ones would come out uneven. */
const evenPanel = 8;
/** Numbers of both operands and the result that a second cache holds: 768 KiB. */
const cached = 192 * 1024;
/** Steps over k that are written one after the other, and steps that are all written so. */
const unrolled = 4;
const short = 8;

export function isDirect({ shape, k, uses, right }: MatmulKernel): boolean {
  const [m, n] = shape as [number, number];
  if (n <= fewColumns) return true;
  return uses[right]?.view.strides[1] === 1 && (m <= fewRows || m * k + k * n + m * n <= cached);
}

/** Columns of a tile: as many as leave room for two rows of sums, if there are two. Measured. */
function panelOf(m: number, n: number, relaxed: boolean): number {
  if (m === 1) return Math.min(n, 48);
  const most = relaxed ? 24 : 20;
  if (n > most) return most;
  return Math.ceil(n / 4) === 4 ? 8 : n; // two rows of 16 are eight sums, too few at a time
}

/** Bytes that the kernel needs for each thread: a copy of a right operand that lies transposed. */
export const directBytes = ({ shape, k, uses, right }: MatmulKernel): number =>
  uses[right]?.view.strides[1] === 1 ? 0 : 16 * Math.ceil((shape[1] as number) / 4) * k;

export function writeDirect(context: KernelContext, kernel: MatmulKernel, threads: number): void {
  const { code, team, parallel, workspace, relaxed } = context;
  const [m, n] = kernel.shape as [number, number];
  const { k } = kernel;
  const left = operandOf(context, kernel, kernel.left);
  const right = operandOf(context, kernel, kernel.right);
  const widest = panelOf(m, n, relaxed);
  // Whoever has columns reads the whole left operand, whoever has rows the whole right one: the smaller is read twice.
  const byColumns = n > widest && (n >= m || m < fewRows * threads);
  const panel = parallel && byColumns && m >= fewRows ? evenPanel : widest;
  const columnShare = parallel && byColumns ? writeShare(code, team, n, panel) : undefined;

  const start = code.local('i32'); // of the right operand
  let rightRow = right.row;
  if (right.column === 4) code.i32(right.address).set(start);
  else {
    code.get(team.thread).times(workspace.bytesPerThread).plus(workspace.address).set(start);
    rightRow = writeColumnCopy(code, right, { n, k }, start);
  }

  const loops = counters(code, [m, n]);
  const [i, j] = [loops.outer[0] as Local, loops.inner as Local];
  let sum: { readonly total: Local; readonly lane: number };
  const formulas = formulasFor(context, kernel, kernel.outputs, {
    ...loops,
    accumulator: (width) => {
      code.get(sum.total);
      if (width === 1) code.op('f32x4.extract_lane', sum.lane).op('f32x4.splat');
    },
  });
  const targets = targetsOf(kernel);
  const wide = !formulas.choosesByElement && targets.every((use) => formulas.isContiguous(use));
  formulas.writePrologue();

  const [row, column, leftAt, rightAt, turns] = Array.from({ length: 5 }, () => code.local('i32')) as [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const writeTile = (rows: number, columns: number): void => {
    const sums = tileOf(code, {
      rows,
      vectors: Math.ceil(columns / 4),
      leftRow: left.row,
      leftColumn: left.column,
      rightRow,
      relaxed,
    });
    for (const total of sums.totals.flat()) splatInteger(code, 0).set(total);
    code.get(row).times(left.row).plus(left.address).set(leftAt);
    code.get(column).times(4).plus(start).set(rightAt);
    const turn = (steps: number): void => {
      for (let step = 0; step < steps; step++) sums.multiply(leftAt, rightAt, step);
    };
    if (k <= short) turn(k);
    else {
      code.loop(turns, { from: 0, to: k - (k % unrolled), step: unrolled }, () => {
        turn(unrolled);
        code.advance(leftAt, unrolled * left.column).advance(rightAt, unrolled * rightRow);
      });
      turn(k % unrolled);
    }
    sums.totals.forEach((totals, r) => {
      code.get(row).plus(r).set(i);
      formulas.writeRow();
      for (let c = 0; c < columns; c += wide ? 4 : 1) {
        code.get(column).plus(c).times(4).set(j);
        sum = { total: totals[Math.floor(c / 4)] as Local, lane: c % 4 };
        formulas.writeElements(wide ? (Math.min(4, columns - c) as Width) : 1, targets);
      }
    });
    sums.free();
  };
  writeTiles(code, column, { size: n, tile: panel, range: columnShare }, (columns) => {
    const tile = Math.min(m, tileRows(Math.ceil(columns / 4), relaxed));
    const range = parallel && !byColumns ? writeShare(code, team, m, tile) : undefined;
    writeTiles(code, row, { size: m, tile, range }, (rows) => writeTile(rows, columns));
  });
}
