// A point in a picture.

interface Mark {
  /** Classes differ in shape too: circle, square, triangle. */
  readonly shape: number;
  readonly colour: string;
  /** Around it, so that it stands out from what is behind. */
  readonly halo: string;
  /** Points of the test are. */
  readonly hollow: boolean;
}

export function drawMark(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  { shape, colour, halo, hollow }: Mark,
): void {
  context.beginPath();
  if (shape % 3 === 1) {
    context.rect(x - radius * 0.9, y - radius * 0.9, radius * 1.8, radius * 1.8);
  } else if (shape % 3 === 2) {
    context.moveTo(x, y - radius * 1.25);
    context.lineTo(x + radius * 1.15, y + radius * 0.85);
    context.lineTo(x - radius * 1.15, y + radius * 0.85);
    context.closePath();
  } else {
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.lineWidth = hollow ? radius * 1.1 : radius * 0.8;
  context.strokeStyle = halo;
  context.stroke();
  context.fillStyle = hollow ? halo : colour;
  context.fill();
  context.lineWidth = radius * 0.5;
  context.strokeStyle = colour;
  context.stroke();
}
