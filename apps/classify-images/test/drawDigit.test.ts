// Digits in a terminal, with and without colours.
import { mnist } from '@neurite/datasets/mnist';
import { describe, expect, test } from 'vitest';
import { drawDigit, drawDigits, frame, roomFor } from '../src/drawDigit.ts';
import { colourful, plain, withoutCodes } from './terminals.ts';

const { training } = await mnist();
const five = training.inputs.subarray(0, 784);
const zero = training.inputs.subarray(784, 2 * 784);

describe('drawDigit', () => {
  test('draws with shades of ink where there are no colours', () => {
    expect(`\n${drawDigit(five, 'none').join('\n')}`).toMatchInlineSnapshot(`
      "
                   ::- -+=: 
          .++*##@@@@@*=*+=. 
           +#*@@%=-+#       
              +@+           
               =@+-:        
                .+%@#-      
                   :@@%.    
               .-+#%@@#     
            .=*%@@%*=.      
       .-=#%@@@#=.          
       :====::              "
    `);
  });

  test('draws two pixels to a character where there are', () => {
    const lines = drawDigit(five, 'any');
    expect(lines).toHaveLength(frame / 2);
    for (const line of lines) {
      expect(withoutCodes(line)).toBe('▀'.repeat(frame));
      expect(line.endsWith('\x1b[0m')).toBe(true);
    }
    expect(lines[0]).toContain('\x1b[38;2;38;38;38;48;2;');
    expect(drawDigit(five, 'palette')[0]).toContain('\x1b[38;5;235;48;5;');
  });

  test('has the digit in the middle, wherever it lies on the picture', () => {
    const dot = (x: number, y: number): Uint8Array => {
      const pixels = new Uint8Array(784);
      pixels[y * 28 + x] = 255;
      return pixels;
    };
    const drawn = drawDigit(dot(14, 14), 'none');
    expect(drawn.join('')).toMatch(/^ *\+ *$/);
    expect(drawDigit(dot(0, 0), 'none')).toEqual(drawn);
    expect(drawDigit(dot(27, 27), 'none')).toEqual(drawn);
    expect(drawDigit(new Uint8Array(784), 'none').join('').trim()).toBe('');
  });

  test('draws every digit of MNIST whole: ink does not end at the frame', () => {
    const side = / {22}| .{20} /;
    for (let i = 0; i < 2000; i++) {
      const lines = drawDigit(training.inputs.subarray(i * 784, (i + 1) * 784), 'none');
      for (const line of lines) expect(line).toMatch(side);
    }
  });
});

describe('drawDigits', () => {
  const digits = [
    { pixels: five, caption: 'read as 3, is 5 (62 %)', captionWidth: 22 },
    { pixels: zero, caption: 'read as 6, is 0 (7 %)', captionWidth: 21 },
  ];

  test('puts pictures side by side, with captions below', () => {
    const text = drawDigits(digits, plain);
    expect(`\n${text}`.replaceAll(/ +$/gm, '')).toMatchInlineSnapshot(`
      "
                   ::- -+=:                .-=-.
          .++*##@@@@@*=*+=.              .+@@@@@.
           +#*@@%=-+#                  -*%@@@%-%@+
              +@+                    .+@@%=-#=..@#.
               =@+-:                =#@+=:      @@*
                .+%@#-             +@%.         @@#
                   :@@%.          -@@:         :@%-
               .-+#%@@#           -@*       .-#%=.
            .=*%@@%*=.            -@%-..:-=*%#=
       .-=#%@@@#=.                :%@@@%@@#-:
       :====::                      :===:.
      read as 3, is 5 (62 %)   read as 6, is 0 (7 %)"
    `);
  });

  test('knows how many there is room for', () => {
    expect([20, 80, 100, 200].map((columns) => roomFor(colourful(columns)))).toEqual([1, 3, 4, 8]);
    const widths = drawDigits(digits, colourful(100))
      .split('\n')
      .map((line) => withoutCodes(line).length);
    expect(Math.max(...widths)).toBe(2 * frame + 3);
  });
});
