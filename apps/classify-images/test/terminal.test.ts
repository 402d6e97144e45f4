// What is made of a stream.
import { describe, expect, test } from 'vitest';
import { describeTerminal } from '../src/terminal.ts';

const stream = (depth: number) => ({ isTTY: true, columns: 120, getColorDepth: () => depth });

describe('describeTerminal', () => {
  test('is plain where there is no terminal', () => {
    const terminal = describeTerminal({ columns: 50, getColorDepth: () => 24 }, {});
    expect(terminal).toMatchObject({ interactive: false, columns: 100, colours: 'none' });
    expect(terminal.paint('red', 'text')).toBe('text');
  });

  test('is plain where the terminal can only write', () => {
    expect(describeTerminal(stream(24), { TERM: 'dumb' })).toMatchObject({
      interactive: false,
      colours: 'none',
    });
  });

  test('has the colours that the terminal has', () => {
    expect(describeTerminal(stream(24), {})).toMatchObject({
      interactive: true,
      columns: 120,
      colours: 'any',
    });
    expect(describeTerminal(stream(8), {}).colours).toBe('palette');
    expect(describeTerminal(stream(4), {}).colours).toBe('none');
    expect(describeTerminal(stream(4), {}).paint('red', 'text')).toBe('\x1b[31mtext\x1b[39m');
    expect(describeTerminal(stream(1), {}).paint('red', 'text')).toBe('text');
  });
});
