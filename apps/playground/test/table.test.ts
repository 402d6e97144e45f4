import { expect, it } from 'vitest';
import { readTable } from '../src/spec/table.ts';

it('reads classes by name, and lets two of several columns be the inputs', () => {
  const table = readTable('a;b;c;kind\n1;2;3;no\n4;5;6;yes\n7;8;9;no\n');
  expect(table).toMatchObject({ names: ['a', 'b', 'c', 'kind'], task: 'classes', rows: 3, target: 3 });
  expect(table.points([2, 0])).toEqual([
    [3, 1, 0],
    [6, 4, 1],
    [9, 7, 0],
  ]);
});

it('takes one input for a curve, and fractions for values', () => {
  expect(readTable('0,1\n1,3\n2,5').task).toBe('values');
  expect(readTable('x,y,z\n0,1,0.5\n1,3,2').task).toBe('values');
  expect(readTable('0,1,0\n1,3,1').points([0, 1])).toEqual([
    [0, 1, 0],
    [1, 3, 1],
  ]);
});

it('says where something is no number', () => {
  expect(() => readTable('x,y,class\n0,1,a\n1,oops,b')).toThrow(/row 3.*y/);
  expect(() => readTable('just words')).toThrow('two columns');
});
