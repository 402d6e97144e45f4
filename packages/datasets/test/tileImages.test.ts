// Sheets of pictures, pixel by pixel.
import { expect, test } from 'vitest';
import { tileImages } from '../src/index.ts';

const rows = ({ width, channels, data }: ReturnType<typeof tileImages>): number[][] =>
  Array.from({ length: data.length / (width * channels) }, (_, y) => [
    ...data.subarray(y * width * channels, (y + 1) * width * channels),
  ]);

test('puts pictures side by side, each scaled by itself, on grey', () => {
  const sheet = tileImages(Float32Array.of(1, -1, 0, 0.5, 0.001, 0, 0, 0, 0, 0, 0, 0), [2, 2], {
    columns: 2,
  });
  expect(sheet).toMatchObject({ width: 7, height: 7, channels: 1 });
  const [o, w, b] = [128, 255, 0];
  expect(rows(sheet)).toEqual([
    [o, o, o, o, o, o, o],
    [o, w, b, o, w, o, o],
    [o, o, 191, o, o, o, o],
    [o, o, o, o, o, o, o],
    [o, o, o, o, o, o, o],
    [o, o, o, o, o, o, o],
    [o, o, o, o, o, o, o],
  ]);
});

test('has colours and zoom', () => {
  const sheet = tileImages(Float64Array.of(2, -2, 0), [1, 1, 3], { gap: 0, zoom: 2 });
  expect(sheet).toMatchObject({ width: 2, height: 2, channels: 3 });
  expect(rows(sheet)).toEqual([
    [255, 0, 128, 255, 0, 128],
    [255, 0, 128, 255, 0, 128],
  ]);
});

test('is about square by default', () => {
  for (const [pictures, width, height] of [
    [100, 291, 291],
    [7, 88, 88],
    [1, 30, 30],
  ]) {
    const sheet = tileImages(new Float32Array(pictures! * 784), [28, 28]);
    expect([sheet.width, sheet.height]).toEqual([width, height]);
  }
  const wide = tileImages(new Float32Array(16 * 40), [2, 20], { gap: 0 });
  expect([wide.width, wide.height]).toEqual([40, 16]);
});

test('says what it takes', () => {
  const complaint = 'tileImages takes pictures [height, width] or [height, width, 3], but got';
  expect(() => tileImages(new Float32Array(6), [6])).toThrow(`${complaint} 6 numbers as [6]`);
  expect(() => tileImages(new Float32Array(6), [1, 3, 2])).toThrow(complaint);
  expect(() => tileImages(new Float32Array(7), [2, 3])).toThrow(complaint);
  expect(() => tileImages(new Float32Array(0), [2, 3])).toThrow(complaint);
  expect(() => tileImages(new Float32Array(6), [2, 3], { zoom: 0 })).toThrow('tileImages: zoom must be');
});
