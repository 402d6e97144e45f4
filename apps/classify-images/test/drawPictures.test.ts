// Pictures in a terminal, with and without colours.
import { mnist } from '@neurite/datasets/mnist';
import { describe, expect, test } from 'vitest';
import { drawPicture, drawPictures, roomFor } from '../src/drawPictures.ts';
import { colourful, plain, withoutCodes } from './terminals.ts';

const frame = 22;
const digit = { shape: [28, 28], frame };
const { training } = await mnist();
const five = training.inputs.subarray(0, 784);
const zero = training.inputs.subarray(784, 2 * 784);

describe('drawPicture', () => {
  test('draws with shades of ink where there are no colours', () => {
    expect(`\n${drawPicture(five, digit, 'none').join('\n')}`).toMatchInlineSnapshot(`
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
    const lines = drawPicture(five, digit, 'any');
    expect(lines).toHaveLength(frame / 2);
    for (const line of lines) {
      expect(withoutCodes(line)).toBe('▀'.repeat(frame));
      expect(line.endsWith('\x1b[0m')).toBe(true);
    }
    expect(lines[0]).toContain('\x1b[38;2;38;38;38;48;2;');
    expect(drawPicture(five, digit, 'palette')[0]).toContain('\x1b[38;5;235;48;5;');
  });

  test('has the digit in the middle, wherever it lies on the picture', () => {
    const dot = (x: number, y: number): Uint8Array => {
      const pixels = new Uint8Array(784);
      pixels[y * 28 + x] = 255;
      return pixels;
    };
    const drawn = drawPicture(dot(14, 14), digit, 'none');
    expect(drawn.join('')).toMatch(/^ *\+ *$/);
    expect(drawPicture(dot(0, 0), digit, 'none')).toEqual(drawn);
    expect(drawPicture(dot(27, 27), digit, 'none')).toEqual(drawn);
    expect(drawPicture(new Uint8Array(784), digit, 'none').join('').trim()).toBe('');
  });

  test('draws every digit of MNIST whole: ink does not end at the frame', () => {
    const side = / {22}| .{20} /;
    for (let i = 0; i < 2000; i++) {
      const lines = drawPicture(training.inputs.subarray(i * 784, (i + 1) * 784), digit, 'none');
      for (const line of lines) expect(line).toMatch(side);
    }
  });

  test('draws colours, the nearest that there are', () => {
    const photograph = { shape: [2, 2, 3], frame: 2 };
    const pixels = Uint8Array.of(255, 0, 0, 0, 0, 255, 10, 20, 30, 255, 255, 255);
    expect(drawPicture(pixels, photograph, 'any')).toEqual([
      '\x1b[38;2;255;0;0;48;2;10;20;30m▀\x1b[38;2;0;0;255;48;2;255;255;255m▀\x1b[0m',
    ]);
    expect(drawPicture(pixels, photograph, 'palette')).toEqual([
      '\x1b[38;5;196;48;5;17m▀\x1b[38;5;21;48;5;231m▀\x1b[0m',
    ]);
    expect(drawPicture(pixels, photograph, 'none')).toEqual([':+']);
  });
});

describe('drawPictures', () => {
  const digits = [
    { pixels: five, caption: 'read as 3, is 5 (62 %)', captionWidth: 22 },
    { pixels: zero, caption: 'read as 6, is 0 (7 %)', captionWidth: 21 },
  ];

  test('puts pictures side by side, with captions below', () => {
    const text = drawPictures(digits, digit, plain);
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
    expect([20, 80, 100, 200].map((columns) => roomFor(colourful(columns), frame))).toEqual([1, 3, 4, 8]);
    const widths = drawPictures(digits, digit, colourful(100))
      .split('\n')
      .map((line) => withoutCodes(line).length);
    expect(Math.max(...widths)).toBe(2 * frame + 3);
  });

  test('gives each picture the room of the longest caption, and draws no more than there is room for', () => {
    const worded = digits.map((digit) => ({ ...digit, caption: 'c'.repeat(40), captionWidth: 40 }));
    const text = (columns: number): string[] =>
      drawPictures(worded, digit, { ...plain, columns }).split('\n');
    expect(text(100).at(-1)).toBe(`${'c'.repeat(40)}   ${'c'.repeat(40)}`);
    expect(text(82).at(-1)).toBe('c'.repeat(40));
    expect(text(10).at(-1)).toBe('c'.repeat(40));
    // the second picture begins where its caption does
    expect(text(100)[0]!.slice(43).trim()).toBe('.-=-.');
  });
});
