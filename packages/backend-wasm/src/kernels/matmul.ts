// Matrix products. The right operand is copied into panels of eight columns; tiles of six (or four) rows and eight columns
// are summed in registers; blocks of sums then go through the kernel's formulas, so that whatever follows the product —
// bias, activation, an optimizer's update — reads and writes memory once.
import type { Affine, MatmulKernel, Use } from '@neurite/core/program';
import { Code, type Local } from '../code.ts';
import { counters, type Range, writeNest, writeShare } from '../loops.ts';
import { formulasFor, type KernelContext, targetsOf } from './context.ts';

/** Columns of a tile: two vectors. */
const panel = 8;
/** Rows of the left operand and of a panel that are summed at a stretch: both lie in the first cache. */
const depth = 512;
/** Numbers of a block of sums: it stays in the second cache until the formulas have read it. */
const blockSize = 48 * 1024;

/** Rows of a tile: with one instruction for multiply and add, 12 sums, 2 of the panel and 1 of the left fit 16 registers. */
const tileRows = (relaxed: boolean): number => (relaxed ? 6 : 4);

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
  /** Few rows: the right operand is read where it lies, since each of its numbers is used but a few times. */
  readonly skinny: boolean;
}

function planOf({ shape, k }: MatmulKernel, relaxed: boolean, threads: number): Plan {
  const [m, n] = shape as [number, number];
  const panels = Math.ceil(n / panel);
  const width = panels * panel;
  const tile = tileRows(relaxed);
  const byColumns = panels >= 4 * threads || panels >= Math.ceil(m / tile);
  const rows = Math.min(m, Math.max(tile, Math.floor(blockSize / width / tile) * tile));
  return { m, n, k, panels, width, tile, rows, byColumns, skinny: m <= tile };
}

/** Bytes that the kernel needs for each thread: panels, then a block of sums. */
export function workspaceBytes(kernel: MatmulKernel, relaxed: boolean, threads: number): number {
  const { k, width, rows } = planOf(kernel, relaxed, threads);
  return 4 * width * (k + rows) + 64;
}

export function writeMatmul(context: KernelContext, kernel: MatmulKernel, threads: number): void {
  const { code, team, parallel, workspace, relaxed } = context;
  const plan = planOf(kernel, relaxed, threads);
  const { m, n, k, panels, width, tile, byColumns } = plan;
  const left = operand(context, kernel, kernel.left);
  const right = operand(context, kernel, kernel.right);
  const columns = parallel && byColumns ? writeShare(code, team, panels) : undefined;
  const rows = parallel && !byColumns ? writeShare(code, team, m, tile) : undefined;

  const [packed, sums] = [code.local('i32'), code.local('i32')];
  code
    .get(team.thread)
    .i32(workspace.bytesPerThread)
    .op('i32.mul')
    .i32(workspace.address)
    .op('i32.add')
    .tee(packed);
  code
    .i32(4 * width * k)
    .op('i32.add')
    .set(sums);
  // Reading whole vectors at the end of a row goes beyond it, into numbers that nobody uses.
  const direct = plan.skinny && right.column === 4;
  if (!direct) writePacking(code, right, plan, packed, columns);
  const panels8: Panels = direct
    ? {
        start: (j) =>
          code
            .get(j)
            .i32(4 * panel)
            .op('i32.mul')
            .i32(right.address)
            .op('i32.add'),
        row: right.row,
      }
    : {
        start: (j) =>
          code
            .get(j)
            .i32(4 * panel * k)
            .op('i32.mul')
            .get(packed)
            .op('i32.add'),
        row: 4 * panel,
      };

  const products = new Map<number, number>();
  const productOf = (height: number): number => {
    const known =
      products.get(height) ?? context.module.add(product(height, left, panels8.row, width, relaxed));
    products.set(height, known);
    return known;
  };
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
        .i32(4 * width)
        .op('i32.mul')
        .get(sums)
        .op('i32.add');
      code
        .get(loops.inner as Local)
        .op('i32.add')
        .op(size === 4 ? 'v128.load' : 'v128.load32_splat', 0);
    },
  });
  const targets = targetsOf(kernel);
  const wide = !formulas.choosesByElement && targets.every((use) => formulas.isContiguous(use));
  formulas.writePrologue();
  const columnShare = columns && columnRange(code, columns, n);

  const blockEnd = code.local('i32');
  const range = rows ? { ...rows, guarded: true } : { from: 0, to: m };
  code.loop(block, { ...range, step: plan.rows }, () => {
    code.get(block).i32(plan.rows).op('i32.add').set(blockEnd);
    const end = (): Code => (rows ? code.get(rows.to) : code.i32(m));
    code.get(blockEnd);
    end().get(blockEnd);
    end().op('i32.lt_s').op('select').set(blockEnd);
    writeTiles(code, {
      plan,
      left,
      right: panels8,
      sums,
      block,
      blockEnd,
      columns,
      productOf,
      ragged: m % tile,
    });
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
  code.get(columns.from).i32(3).op('i32.shl').set(from);
  code.get(columns.to).i32(3).op('i32.shl').tee(to).i32(n).get(to).i32(n).op('i32.lt_s').op('select').set(to);
  return { from, to };
}

interface Operand {
  /** First byte. */
  readonly address: number;
  /** Bytes from row to row and from column to column. */
  readonly row: number;
  readonly column: number;
}

function operand({ addresses }: KernelContext, kernel: MatmulKernel, use: number): Operand {
  const { buffer, view } = kernel.uses[use] as Use;
  const [row, column] = (view as Affine).strides as [number, number];
  return { address: (addresses[buffer] as number) + 4 * view.offset, row: 4 * row, column: 4 * column };
}

/** Where columns 8 j … 8 j + 7 of the right operand are read. */
interface Panels {
  /** Pushes the address of row 0. */
  readonly start: (j: Local) => Code;
  /** Bytes from row to row. */
  readonly row: number;
}

interface Tiles {
  readonly plan: Plan;
  readonly left: Operand;
  readonly right: Panels;
  readonly sums: Local;
  readonly block: Local;
  readonly blockEnd: Local;
  readonly columns: Range | undefined;
  readonly productOf: (height: number) => number;
  /** Rows of the last tile, where they do not come out even. */
  readonly ragged: number;
}

/** Sums of one block, over all of k and this thread's panels. */
function writeTiles(code: Code, tiles: Tiles): void {
  const { plan, left, right, sums, block, blockEnd, columns, productOf, ragged } = tiles;
  const { k, panels, width, tile } = plan;
  const stretches = Math.ceil(k / depth);
  const length = Math.ceil(k / stretches);
  const [j, i] = [code.local('i32'), code.local('i32')];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const start = stretch * length;
    const count = Math.min(length, k - start);
    const call = (height: number): void => {
      // left[i, start], panel j from row `start`, sums[i − block, 8 j]
      code
        .get(i)
        .i32(left.row)
        .op('i32.mul')
        .i32(left.address + start * left.column)
        .op('i32.add');
      right
        .start(j)
        .i32(right.row * start)
        .op('i32.add');
      code
        .get(i)
        .get(block)
        .op('i32.sub')
        .i32(4 * width)
        .op('i32.mul')
        .get(j)
        .i32(4 * panel)
        .op('i32.mul');
      code
        .op('i32.add')
        .get(sums)
        .op('i32.add')
        .i32(count)
        .i32(stretch === 0 ? 0 : 1)
        .op('call', productOf(height));
    };
    const range = columns ? { ...columns, guarded: true } : { from: 0, to: panels };
    code.loop(j, range, () => {
      if (ragged === 0) {
        code.loop(i, { from: block, to: blockEnd, step: tile }, () => call(tile));
        return;
      }
      const whole = code.local('i32');
      code.get(blockEnd).get(blockEnd).get(block).op('i32.sub').i32(tile);
      rest(code).op('i32.sub').set(whole);
      code.loop(i, { from: block, to: whole, step: tile, guarded: true }, () => call(tile));
      code.get(whole).get(blockEnd).op('i32.lt_s').op('if').get(whole).set(i);
      call(ragged);
      code.op('end');
      code.free(whole);
    });
  }
  code.free(j, i);
}

/** Pushes a mod b, given a and b on the stack. */
function rest(code: Code): Code {
  const [a, b] = [code.local('i32'), code.local('i32')];
  code.set(b).set(a).get(a).get(a).get(b).op('i32.div_u').get(b).op('i32.mul').op('i32.sub');
  code.free(a, b);
  return code;
}

/** sums[height, 8] (+)= left[height, count] · right[count, 8]; the sums of all rows stay in registers. */
function product(
  height: number,
  leftOperand: Operand,
  rightRow: number,
  width: number,
  relaxed: boolean,
): Code {
  const code = new Code(['i32', 'i32', 'i32', 'i32', 'i32']);
  const [left, right, sums, count, goesOn] = code.parameters as [Local, Local, Local, Local, Local];
  const totals = Array.from({ length: height }, () => [code.local('v128'), code.local('v128')] as const);
  const [first, second, factor] = [code.local('v128'), code.local('v128'), code.local('v128')];
  const address = (r: number, half: number): number => 4 * width * r + 16 * half;
  code.get(goesOn).op('if');
  totals.forEach((pair, r) => {
    pair.forEach((total, half) => {
      code.get(sums).op('v128.load', address(r, half)).set(total);
    });
  });
  code.op('end').op('loop');
  code.get(right).op('v128.load', 0).set(first).get(right).op('v128.load', 16).set(second);
  totals.forEach((pair, r) => {
    code
      .get(left)
      .op('v128.load32_splat', r * leftOperand.row)
      .set(factor);
    pair.forEach((total, half) => {
      const column8 = half === 0 ? first : second;
      if (relaxed) code.get(factor).get(column8).get(total).op('f32x4.relaxed_madd').set(total);
      else code.get(factor).get(column8).op('f32x4.mul').get(total).op('f32x4.add').set(total);
    });
  });
  code.advance(left, leftOperand.column).advance(right, rightRow);
  code.get(count).i32(1).op('i32.sub').tee(count).op('br_if', 0).op('end');
  totals.forEach((pair, r) => {
    pair.forEach((total, half) => {
      code.get(sums).get(total).op('v128.store', address(r, half));
    });
  });
  return code;
}

/** Copies the right operand into panels: panel j holds columns 8 j … 8 j + 7, row after row. */
function writePacking(
  code: Code,
  right: Operand,
  plan: Plan,
  packed: Local,
  columns: Range | undefined,
): void {
  const { n, k, panels } = plan;
  const [j, p, from, to] = [code.local('i32'), code.local('i32'), code.local('i32'), code.local('i32')];
  const whole = Math.floor(n / panel);
  code.loop(j, columns ? { ...columns, guarded: true } : { from: 0, to: panels }, () => {
    code
      .get(j)
      .i32(4 * panel * k)
      .op('i32.mul')
      .get(packed)
      .op('i32.add')
      .set(to);
    code
      .get(j)
      .i32(panel * right.column)
      .op('i32.mul')
      .i32(right.address)
      .op('i32.add')
      .set(from);
    if (whole > 0) {
      if (whole < panels) code.get(j).i32(whole).op('i32.lt_s').op('if');
      copyPanel(code, { right, k, columns: panel, from, to, p });
      if (whole < panels) code.op('else');
    }
    if (whole < panels) {
      copyPanel(code, { right, k, columns: n % panel, from, to, p });
      if (whole > 0) code.op('end');
    }
  });
  code.free(j, p, from, to);
}

interface PanelCopy {
  readonly right: Operand;
  readonly k: number;
  /** Columns that exist; the others repeat the last one and are never read again. */
  readonly columns: number;
  readonly from: Local;
  readonly to: Local;
  readonly p: Local;
}

function copyPanel(code: Code, { right, k, columns, from, to, p }: PanelCopy): void {
  const column = (c: number): number => Math.min(c, columns - 1) * right.column;
  if (right.column === 4 && columns === panel) {
    code.loop(p, { from: 0, to: k }, () => {
      for (const half of [0, 16]) code.get(to).get(from).op('v128.load', half).op('v128.store', half);
      code.advance(from, right.row).advance(to, 4 * panel);
    });
    return;
  }
  const fours = right.row === 4 ? Math.floor(k / 4) : 0;
  if (fours > 0) code.loop(p, { from: 0, to: fours }, () => writeTransposed(code, from, to, column));
  if (fours * 4 === k) return;
  code.loop(p, { from: fours * 4, to: k }, () => {
    for (let c = 0; c < panel; c++)
      code
        .get(to)
        .get(from)
        .op('f32.load', column(c))
        .op('f32.store', 4 * c);
    code.advance(from, right.row).advance(to, 4 * panel);
  });
}

/** Four rows of eight columns, where a column lies in a row of memory. */
function writeTransposed(code: Code, from: Local, to: Local, column: (c: number) => number): void {
  const vectors = Array.from({ length: 4 }, () => code.local('v128'));
  const mixed = Array.from({ length: 4 }, () => code.local('v128'));
  const interleave = (a: Local, b: Local, high: boolean): Code => {
    const lane = high ? 8 : 0;
    const bytes = [0, 16, 4, 20].flatMap((start) => [0, 1, 2, 3].map((byte) => start + lane + byte));
    return code
      .get(a)
      .get(b)
      .op('i8x16.shuffle', ...bytes);
  };
  const pair = (a: Local, b: Local, high: boolean): Code => {
    const lane = high ? 8 : 0;
    const bytes = [0, 16].flatMap((start) => [0, 1, 2, 3, 4, 5, 6, 7].map((byte) => start + lane + byte));
    return code
      .get(a)
      .get(b)
      .op('i8x16.shuffle', ...bytes);
  };
  for (const half of [0, 4]) {
    vectors.forEach((vector, c) => {
      code
        .get(from)
        .op('v128.load', column(half + c))
        .set(vector);
    });
    const [a, b, c, d] = vectors as [Local, Local, Local, Local];
    const [ab, cd, abHigh, cdHigh] = mixed as [Local, Local, Local, Local];
    interleave(a, b, false).set(ab);
    interleave(c, d, false).set(cd);
    interleave(a, b, true).set(abHigh);
    interleave(c, d, true).set(cdHigh);
    const rows = [
      [ab, cd, false],
      [ab, cd, true],
      [abHigh, cdHigh, false],
      [abHigh, cdHigh, true],
    ] as const;
    rows.forEach(([low, high, upper], r) => {
      code.get(to);
      pair(low, high, upper).op('v128.store', 4 * panel * r + 4 * half);
    });
  }
  code.free(...vectors, ...mixed);
  code.advance(from, 16).advance(to, 16 * panel);
}
