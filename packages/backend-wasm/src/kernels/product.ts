// The innermost loop of all: a tile of sums in registers.
import { Code, type Local } from '../code.ts';
import { panel } from './operand.ts';

export interface ProductShape {
  /** Rows of the tile. */
  readonly height: number;
  /** Bytes between neighbours in a column and in a row of the left operand. */
  readonly leftRow: number;
  readonly leftColumn: number;
  /** Bytes between rows of the right operand, of which eight numbers each are read. */
  readonly rightRow: number;
  /** Numbers from row to row of the sums. */
  readonly width: number;
  /** Whether a multiplication and an addition may be one instruction. */
  readonly relaxed: boolean;
}

/** Columns of the left operand that one turn of the loop takes. */
const unrolled = 4;

/**
 * A function (left, right, sums, count, goesOn): sums[height, 8] = left[height, count] · right[count, 8], added to what is
 * there if it goes on.
 */
export function product({ height, leftRow, leftColumn, rightRow, width, relaxed }: ProductShape): Code {
  const code = new Code(['i32', 'i32', 'i32', 'i32', 'i32']);
  const [left, right, sums, count, goesOn] = code.parameters as [Local, Local, Local, Local, Local];
  const turns = code.local('i32');
  const totals = Array.from({ length: height }, () => [code.local('v128'), code.local('v128')] as const);
  const [first, second, factor] = [code.local('v128'), code.local('v128'), code.local('v128')];
  const forEachTotal = (visit: (total: Local, address: number) => void): void => {
    totals.forEach((pair, r) => {
      pair.forEach((total, half) => {
        visit(total, 4 * width * r + 16 * half);
      });
    });
  };
  const multiply = (step: number): void => {
    code
      .get(right)
      .op('v128.load', step * rightRow)
      .set(first);
    code
      .get(right)
      .op('v128.load', step * rightRow + 16)
      .set(second);
    totals.forEach(([low, high], r) => {
      code
        .get(left)
        .op('v128.load32_splat', r * leftRow + step * leftColumn)
        .set(factor);
      for (const [columns, total] of [
        [first, low],
        [second, high],
      ] as const) {
        code.get(factor).get(columns);
        if (relaxed) code.get(total).op('f32x4.relaxed_madd').set(total);
        else code.op('f32x4.mul').get(total).op('f32x4.add').set(total);
      }
    });
  };
  const turn = (steps: number, counter: Local): void => {
    code.get(counter).op('if').op('loop');
    for (let step = 0; step < steps; step++) multiply(step);
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
