/**
 * Writes the JavaScript of one matrix product whose sizes and strides are known in advance.
 *
 * The kernel adds up scaled rows rather than dot products. Four rows of the product grow together, by four
 * steps of k at a time, while sixteen values of a stay in locals:
 *
 *     sums[r][j] += a[r][p] * b[p][j] + a[r][p+1] * b[p+1][j] + a[r][p+2] * b[p+2][j] + a[r][p+3] * b[p+3][j]
 *
 * V8 places the arithmetic of a loop body by its distance from the body's end. In a tile of dot products this
 * puts every product before every addition: registers run out, accumulators travel through memory each step,
 * and half the speed is gone. The chains above keep few values alive, and wait for no earlier iteration.
 *
 * Sums are doubles: rounding every operation to single precision makes V8 slower, not faster.
 */

/** A matrix: element (row, column) is `array[offset + row * operand.row + column * operand.column]`. */
export interface Operand {
  /** Name of the typed array. */
  array: string;
  /** A number, or a name or sum of names. */
  offset: string | number;
  row: number;
  column: number;
}

/** The product a × b, of m×k by k×n. */
export interface MatmulSource {
  m: number;
  n: number;
  k: number;
  a: Operand;
  b: Operand;
  /** Asks for a Float64Array that no other code uses during the product; returns its name. */
  scratch: (length: number, purpose: string) => string;
  /** Writes the statements to run on each finished element. Is given three names, and called once. */
  epilogue: (accumulator: string, i: string, j: string) => string;
}

/** Rows of the product that grow together, and steps of k they take at a time. */
const TILE_ROWS = 4;
const TILE_STEPS = 4;
/** A lone row has locals to spare. */
const LONE_ROW_STEPS = 8;
/** Columns worked on at a time: their sums and the part of b meeting them stay in the first-level cache. */
const PANEL_COLUMNS = 128;
/** With more rows than this, copying b to doubles side by side is repaid. */
const MAX_ROWS_IN_PLACE = 16;
/** With fewer columns than this, loops along the columns cost more than the work in them. */
const MIN_COLUMNS = 16;
/** Up to this k the sum is written out as one expression. */
const MAX_UNROLLED = 10;

/** Emits statements for a function body. The names they declare begin with an underscore. */
export function emitMatmul(source: MatmulSource): string {
  const oriented = source.n < MIN_COLUMNS && source.n < source.m ? transposed(source) : source;
  return source.k <= MAX_UNROLLED ? emitUnrolled(oriented) : emitRows(oriented);
}

/** The same product as bᵀ × aᵀ. */
function transposed({ m, n, k, a, b, scratch, epilogue }: MatmulSource): MatmulSource {
  const turned = (operand: Operand): Operand => ({ ...operand, row: operand.column, column: operand.row });
  return { m: n, n: m, k, a: turned(b), b: turned(a), scratch, epilogue: (sum, i, j) => epilogue(sum, j, i) };
}

function emitUnrolled({ m, n, k, a, b, epilogue }: MatmulSource): string {
  return `
for (let _row = 0; _row < ${m}; _row++) {
  const _aAt = ${a.offset} + _row * ${a.row};
  const ${list(k, (p) => `_a${p} = ${a.array}[_aAt + ${p * a.column}]`, ', ')};
  for (let _column = 0; _column < ${n}; _column++) {
    const _bAt = ${b.offset} + _column * ${b.column};
    const _sum = ${list(k, (p) => `_a${p} * ${b.array}[_bAt + ${p * b.row}]`, ' + ')};
    ${epilogue('_sum', '_row', '_column')}
  }
}`;
}

function emitRows({ m, n, k, a, b, scratch, epilogue }: MatmulSource): string {
  const tileSteps = m === 1 ? LONE_ROW_STEPS : TILE_STEPS;
  const tailRows = m % TILE_ROWS;
  const tailSteps = k % tileSteps;
  // Panels of equal width, but for the last.
  const columns = Math.ceil(n / Math.ceil(n / PANEL_COLUMNS));
  const width = n % columns === 0 ? `${columns}` : '_width';
  const sums = scratch(Math.min(m, TILE_ROWS) * columns, 'sums');
  // A panel has, for each group of steps and each column, the values of the steps side by side.
  const panelLength = Math.ceil(k / tileSteps) * tileSteps * columns;
  const panel = m > MAX_ROWS_IN_PLACE ? scratch(panelLength, 'panel') : undefined;
  const panelAt = `_p * ${columns} + _j * ${tileSteps}`;
  const bAt = `${b.offset} + _p * ${b.row} + (_left + _j) * ${b.column}`;

  const alongK = (body: (steps: number) => string): string => `
let _p = 0;
for (; _p < ${k - tailSteps}; _p += ${tileSteps}) {${body(tileSteps)}
}${tailSteps > 0 ? body(tailSteps) : ''}`;

  const fillPanel = (steps: number): string => `
for (let _j = 0; _j < ${width}; _j++) {
  const _to = ${panelAt}, _from = ${bAt};
  ${list(steps, (q) => `${panel}[_to + ${q}] = ${b.array}[_from + ${q * b.row}];`, '\n  ')}
}`;

  const grow = (rows: number, steps: number): string => {
    const bValue = (q: number) => (panel ? `${panel}[_bAt + ${q}]` : `${b.array}[_bAt + ${q * b.row}]`);
    const aValue = (r: number, q: number) => `${a.array}[_aAt + ${r * a.row + q * a.column}]`;
    const chain = (r: number) => list(steps, (q) => `_a${r}_${q} * _b${q}`, ' + ');
    return `{
  const _aAt = ${a.offset} + _top * ${a.row} + _p * ${a.column};
  ${list(rows, (r) => `const ${list(steps, (q) => `_a${r}_${q} = ${aValue(r, q)}`, ', ')};`, '\n  ')}
  for (let _j = 0; _j < ${width}; _j++) {
    const _bAt = ${panel ? panelAt : bAt};
    const ${list(steps, (q) => `_b${q} = ${bValue(q)}`, ', ')};
    ${list(rows, (r) => `${sums}[${r * columns} + _j] += ${chain(r)};`, '\n    ')}
  }
}`;
  };

  const tile = (rows: number): string => `{${alongK((steps) => grow(rows, steps))}
}`;
  const fullTile = m >= TILE_ROWS ? `if (_top <= ${m - TILE_ROWS}) ${tile(TILE_ROWS)}` : '';
  const lastTile = tailRows > 0 ? `${fullTile && ' else '}${tile(tailRows)}` : '';
  const tileRows = tailRows > 0 ? `Math.min(${TILE_ROWS}, ${m} - _top)` : TILE_ROWS;

  return `
for (let _left = 0; _left < ${n}; _left += ${columns}) {
${width === '_width' ? `const _width = Math.min(${columns}, ${n} - _left);` : ''}
${panel ? `{${alongK(fillPanel)}\n}` : ''}
for (let _top = 0; _top < ${m}; _top += ${TILE_ROWS}) {
${sums}.fill(0);
${fullTile}${lastTile}
for (let _r = 0, _rows = ${tileRows}; _r < _rows; _r++) {
  const _row = _top + _r;
  for (let _j = 0; _j < ${width}; _j++) {
    const _column = _left + _j;
    const _sum = ${sums}[_r * ${columns} + _j];
    ${epilogue('_sum', '_row', '_column')}
  }
}
}
}`;
}

function list(count: number, item: (index: number) => string, separator: string): string {
  return Array.from({ length: count }, (_, index) => item(index)).join(separator);
}
