// The innermost loop of large products: a tile of sums, over a stretch of both operands.
import { Code, type Local } from '../code.ts';
import { panel } from './operand.ts';
import { type TileShape, tileOf } from './tile.ts';

export interface ProductShape extends Pick<TileShape, 'leftRow' | 'leftColumn' | 'relaxed'> {
  /** Rows of the tile. */
  readonly height: number;
  /** Numbers from row to row of the sums. */
  readonly width: number;
}

/** Columns of the left operand that one turn of the loop takes. */
const unrolled = 4;

/**
 * A function (left, right, sums, count, goesOn): sums[height, 8] = left[height, count] · right[count, 8], added to what is
 * there if it goes on. `right` is a panel.
 */
export function product({ height, leftRow, leftColumn, width, relaxed }: ProductShape): Code {
  const code = new Code(['i32', 'i32', 'i32', 'i32', 'i32']);
  const [left, right, sums, count, goesOn] = code.parameters as [Local, Local, Local, Local, Local];
  const turns = code.local('i32');
  const rightRow = panelBytes(1);
  const shape = { rows: height, vectors: panel / 4, leftRow, leftColumn, rightRow, relaxed };
  const { totals, multiply } = tileOf(code, shape);
  const forEachTotal = (visit: (total: Local, address: number) => void): void => {
    totals.forEach((row, r) => {
      row.forEach((total, v) => {
        visit(total, 4 * width * r + 16 * v);
      });
    });
  };
  const turn = (steps: number, counter: Local): void => {
    code.get(counter).op('if').op('loop');
    for (let step = 0; step < steps; step++) multiply(left, right, step);
    code.advance(left, steps * leftColumn).advance(right, steps * rightRow);
    code.get(counter).i32(1).op('i32.sub').tee(counter).op('br_if', 0).op('end').op('end');
  };
  code.get(goesOn).op('if');
  forEachTotal((total, address) => code.get(sums).op('v128.load', address).set(total));
  code.op('end');
  code.get(count).i32(Math.log2(unrolled)).op('i32.shr_u').set(turns);
  turn(unrolled, turns);
  code
    .get(count)
    .i32(unrolled - 1)
    .op('i32.and')
    .set(turns);
  turn(1, turns);
  forEachTotal((total, address) => code.get(sums).get(total).op('v128.store', address));
  return code;
}

/** Bytes of a panel with `rows` rows. */
export const panelBytes = (rows: number): number => 4 * panel * rows;
