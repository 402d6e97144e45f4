// Tables: what readCsv makes of them, and where it says that something is wrong.
import { NeuriteError } from '@neurite/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '../src/index.ts';

const flowers = `length,width,"species, in Latin"
5.1,3.5,setosa
7,-3.2e0,"versicolor ""blue"""
6.3,3.3,setosa
`;

function complaint(read: () => unknown, code = 'data'): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(NeuriteError);
    expect((error as NeuriteError).code).toBe(code);
    return (error as Error).message;
  }
  return 'none';
}

describe('readCsv', () => {
  test('reads numbers and classes, by the name of a column or its number', () => {
    const expected = {
      inputs: Float32Array.of(5.1, 3.5, 7, -3.2, 6.3, 3.3),
      targets: Int32Array.of(0, 1, 0),
      classes: ['setosa', 'versicolor "blue"'],
      columns: ['length', 'width'],
      shape: [2],
    };
    expect(readCsv(flowers, { label: 'species, in Latin' })).toEqual(expected);
    expect(readCsv(new TextEncoder().encode(`\ufeff${flowers}`), { label: 2 })).toEqual(expected);
    const classes = ['versicolor "blue"', 'setosa', 'virginica'];
    expect(readCsv(flowers, { label: 2, classes })).toMatchObject({
      targets: Int32Array.of(1, 0, 1),
      classes,
    });
  });

  test('reads targets that are numbers, and tables without either', () => {
    expect(readCsv('x;y\r\n1;2\r\n\r\n3;4\r\n', { target: 'y' })).toEqual({
      inputs: Float32Array.of(1, 3),
      targets: Float32Array.of(2, 4),
      columns: ['x'],
      shape: [1],
    });
    expect(readCsv('1\t2\n3\t4', { header: false })).toEqual({
      inputs: Float32Array.of(1, 2, 3, 4),
      columns: ['0', '1'],
      shape: [2],
    });
    expect(readCsv('1|2\n3|4', { header: false, delimiter: '|' }).inputs).toEqual(
      Float32Array.of(1, 2, 3, 4),
    );
  });

  test('puts classes that are numbers in their order, whatever row comes first', () => {
    const { targets, classes } = readCsv('x,digit\n0,10\n0,9\n0,none\n0,9\n', { label: 'digit' });
    expect(classes).toEqual(['9', '10', 'none']);
    expect([...targets]).toEqual([1, 0, 2, 0]);
  });

  test('gives back any table that was written', () => {
    // text does not tell −0 from 0
    const cell = fc.float({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
    const tables = fc.integer({ min: 1, max: 5 }).chain((columns) =>
      fc.array(
        fc.tuple(fc.array(cell, { minLength: columns, maxLength: columns }), fc.string({ minLength: 1 })),
        {
          minLength: 1,
        },
      ),
    );
    fc.assert(
      fc.property(tables, (rows) => {
        const labels = rows.map(([, label]) => `a${label}a`);
        const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map(([cells], i) => [...cells, quote(labels[i]!)].join(',')).join('\n');
        const columns = rows[0]![0].length;
        const read = readCsv(text, { header: false, delimiter: ',', label: columns });
        expect([...read.inputs]).toEqual(rows.flatMap(([cells]) => cells));
        expect([...read.targets].map((label) => read.classes[label])).toEqual(labels);
      }),
    );
  });

  test('says in which row and column something is wrong', () => {
    expect(complaint(() => readCsv('a,b\n1,2\n3,\n'))).toBe(
      'readCsv: row 3, column 2 ("b") is empty: fill it in, or leave the row out',
    );
    expect(complaint(() => readCsv('a,b\n1,2\n\n3,?\n'))).toBe(
      'readCsv: row 4, column 2 ("b") must be a number within float32, but got "?": write decimals with a point, name the column as label, or leave the row out',
    );
    for (const cell of ['1e39', 'Infinity', 'NaN', '0x10', '1 000', '1_000', '"1,5"'])
      expect(complaint(() => readCsv(`a,b\n1,${cell}`, { delimiter: ',' }))).toContain(
        'row 2, column 2 ("b") must',
      );
    expect(complaint(() => readCsv('a,b\n1,2\n3\n'))).toMatch(
      /^readCsv: row 3 has 1 value, but the first row has 2: /,
    );
    expect(complaint(() => readCsv('a,b\n1,"2\n3,4\n'))).toMatch(/^readCsv: row 2 has a quotation mark that/);
    expect(complaint(() => readCsv('x,y\n1,a\n2, \n', { label: 'y' }))).toContain(
      'row 3, column 2 ("y") is empty',
    );
    expect(complaint(() => readCsv('x,y\n1,a\n2,c\n', { label: 'y', classes: ['a', 'b'] }))).toBe(
      'readCsv: row 3, column 2 ("y") must be one of the classes "a", "b", but got "c"',
    );
    expect(complaint(() => readCsv('a,b\n'))).toContain('there must be rows');
    expect(complaint(() => readCsv(''))).toContain('there must be rows');
  });

  test('says which options are wrong', () => {
    expect(complaint(() => readCsv(flowers, { label: 'lenght' }), 'option')).toMatch(
      /^readCsv has no column "lenght": there are "length", /,
    );
    expect(complaint(() => readCsv(flowers, { label: 3 }), 'option')).toBe(
      'readCsv has no column 3: there are 3, the first of them 0',
    );
    expect(
      complaint(() => readCsv(flowers, { label: 0, target: 1 } as { label: number }), 'option'),
    ).toContain('leave one out');
    expect(complaint(() => readCsv(flowers, { delimiter: ',,' }), 'option')).toMatch(
      /delimiter must be one char/,
    );
    expect(complaint(() => readCsv(flowers, { lable: 0 } as object), 'option')).toContain(
      'no option "lable"',
    );
  });
});
