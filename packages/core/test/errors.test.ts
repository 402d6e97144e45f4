import { describe, expect, it } from 'vitest';
import { NeuriteError, nearestNames } from '../src/index.ts';

describe('NeuriteError', () => {
  it('has a code for programs and a message for people', () => {
    const error = new NeuriteError('shape', 'dense takes …', { cause: 'why' });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'NeuriteError',
      code: 'shape',
      message: 'dense takes …',
      cause: 'why',
    });
    expect(String(error)).toBe('NeuriteError: dense takes …');
  });

  it('says so where the mistake is ours', () => {
    expect(new NeuriteError('internal', 'x lies nowhere').message).toBe('internal: x lies nowhere');
  });
});

describe('nearestNames', () => {
  const names = ['sigmoid', 'tanh', 'relu', 'leakyRelu'];
  it('lists what looks most like the name first, whatever its case', () => {
    expect(nearestNames('Relu', names)[0]).toBe('relu');
    expect(nearestNames('leaky_relu', names)[0]).toBe('leakyRelu');
    expect(nearestNames('thanh', names)[0]).toBe('tanh');
    expect(nearestNames('SIGMOD', names)[0]).toBe('sigmoid');
  });

  it('leaves none out, and the list as it is', () => {
    expect(nearestNames('xyz', names).sort()).toEqual([...names].sort());
    expect(names).toEqual(['sigmoid', 'tanh', 'relu', 'leakyRelu']);
    expect(nearestNames('x', [])).toEqual([]);
  });
});
