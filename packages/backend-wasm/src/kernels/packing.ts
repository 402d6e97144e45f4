// Copies of operands in the order in which products read them.
import type { Code, Local } from '../code.ts';
import type { Range } from '../loops.ts';
import { type Operand, panel } from './operand.ts';

/** Panels that are copied side by side: whole cache lines of a row, and few pages of memory at a time. */
const group = 8;

/** Sizes of a product, and how it is cut. */
export interface RightSizes {
  readonly n: number;
  readonly k: number;
  readonly panels: number;
}

/** Copies the right operand into panels: panel j holds columns 8 j … 8 j + 7, row after row. */
export function writeRightPacking(
  code: Code,
  right: Operand,
  { n, k, panels }: RightSizes,
  packed: Local,
  columns: Range | undefined,
): void {
  const [j, p, from, to, grouped] = Array.from({ length: 5 }, () => code.local('i32')) as [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const whole = Math.floor(n / panel);
  const seek = (): void => {
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
  };
  const first = (): Code => (columns ? code.get(columns.from) : code.i32(0));
  const end = (): Code => (columns ? code.get(columns.to) : code.i32(panels));
  first().set(grouped);
  if (right.column === 4 && whole >= group) {
    // Groups of whole panels, from the first on.
    end().i32(whole);
    end().i32(whole).op('i32.lt_s').op('select');
    first().op('i32.sub').i32(-group).op('i32.and');
    first().op('i32.add').set(grouped);
    code.loop(j, { from: columns?.from ?? 0, to: grouped, step: group, guarded: true }, () => {
      seek();
      code.loop(p, { from: 0, to: k }, () => {
        for (let g = 0; g < group; g++) {
          for (const half of [0, 16]) {
            code
              .get(to)
              .get(from)
              .op('v128.load', 4 * panel * g + half)
              .op('v128.store', 4 * panel * k * g + half);
          }
        }
        code.advance(from, right.row).advance(to, 4 * panel);
      });
    });
  }
  code.loop(j, { from: grouped, to: columns?.to ?? panels, guarded: true }, () => {
    seek();
    if (whole > 0) {
      if (whole < panels) code.get(j).i32(whole).op('i32.lt_s').op('if');
      copyPanel(code, { right, k, columns: panel, width: panel, from, to, p });
      if (whole < panels) code.op('else');
    }
    if (whole < panels) {
      copyPanel(code, { right, k, columns: n % panel, width: panel, from, to, p });
      if (whole > 0) code.op('end');
    }
  });
  code.free(j, p, from, to, grouped);
}

/**
 * Copies the whole right operand row after row, in whole vectors, for products with few columns; gives the bytes from row to
 * row of the copy.
 */
export function writeColumnCopy(
  code: Code,
  right: Operand,
  { n, k }: Pick<RightSizes, 'n' | 'k'>,
  start: Local,
): number {
  const [from, to, p] = Array.from({ length: 3 }, () => code.local('i32')) as [Local, Local, Local];
  const width = 4 * Math.ceil(n / 4);
  code.i32(right.address).set(from).get(start).set(to);
  copyPanel(code, { right, k, columns: n, width, from, to, p });
  code.free(from, to, p);
  return 4 * width;
}

/** Where a stretch of the left operand is copied from and to. */
export interface LeftStretch {
  readonly left: Operand;
  /** Rows of a tile; 4 … 8. */
  readonly tile: number;
  /** First and number of the columns. */
  readonly start: number;
  readonly count: number;
  /** The rows, and the address of the copy. */
  readonly block: Local;
  readonly blockEnd: Local;
  readonly packed: Local;
}

/**
 * Copies a stretch of a left operand that lies transposed: tile after tile, each column by column. Tiles read it with long
 * strides otherwise, which caches do not like. Reads up to a tile beyond the last row.
 */
export function writeLeftPacking(
  code: Code,
  { left, tile, start, count, block, blockEnd, packed }: LeftStretch,
): void {
  const [i, p, from, to] = Array.from({ length: 4 }, () => code.local('i32')) as [Local, Local, Local, Local];
  code.loop(p, { from: 0, to: count }, () => {
    code
      .get(p)
      .i32(left.column)
      .op('i32.mul')
      .i32(left.address + start * left.column)
      .op('i32.add');
    code.get(block).i32(4).op('i32.mul').op('i32.add').set(from);
    code
      .get(p)
      .i32(4 * tile)
      .op('i32.mul')
      .get(packed)
      .op('i32.add')
      .set(to);
    code.loop(i, { from: block, to: blockEnd, step: tile }, () => {
      code.get(to).get(from).op('v128.load', 0).op('v128.store', 0);
      const last = 4 * (tile - 4);
      if (last > 0) code.get(to).get(from).op('v128.load', last).op('v128.store', last);
      code.advance(from, 4 * tile).advance(to, 4 * tile * count);
    });
  });
  code.free(i, p, from, to);
}

interface PanelCopy {
  readonly right: Operand;
  readonly k: number;
  /** Columns that exist; the others repeat the last one and are never read again. */
  readonly columns: number;
  /** All columns of the panel: whole vectors. */
  readonly width: number;
  readonly from: Local;
  readonly to: Local;
  readonly p: Local;
}

function copyPanel(code: Code, { right, k, columns, width, from, to, p }: PanelCopy): void {
  const column = (c: number): number => Math.min(c, columns - 1) * right.column;
  if (right.column === 4 && columns === width) {
    code.loop(p, { from: 0, to: k }, () => {
      for (let at = 0; at < 4 * width; at += 16)
        code.get(to).get(from).op('v128.load', at).op('v128.store', at);
      code.advance(from, right.row).advance(to, 4 * width);
    });
    return;
  }
  const fours = right.row === 4 ? Math.floor(k / 4) : 0;
  if (fours > 0) code.loop(p, { from: 0, to: fours }, () => writeTransposed(code, from, to, width, column));
  if (fours * 4 === k) return;
  code.loop(p, { from: fours * 4, to: k }, () => {
    for (let c = 0; c < width; c++)
      code
        .get(to)
        .get(from)
        .op('f32.load', column(c))
        .op('f32.store', 4 * c);
    code.advance(from, right.row).advance(to, 4 * width);
  });
}

/** Four rows of `width` columns, where a column lies in a row of memory. */
function writeTransposed(
  code: Code,
  from: Local,
  to: Local,
  width: number,
  column: (c: number) => number,
): void {
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
  for (let first = 0; first < width; first += 4) {
    vectors.forEach((vector, c) => {
      code
        .get(from)
        .op('v128.load', column(first + c))
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
      pair(low, high, upper).op('v128.store', 4 * width * r + 4 * first);
    });
  }
  code.free(...vectors, ...mixed);
  code.advance(from, 16).advance(to, 16 * width);
}
