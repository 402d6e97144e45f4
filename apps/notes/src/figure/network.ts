// Pictures of networks, drawn from the networks themselves: their layers, their shapes, their weights.
import type { Network } from '@neurite/core';
import { printNumber } from '../fact.ts';
import { coordinate, svg, text } from './svg.ts';

/** Parameters by name; the sign of a weight is its colour, its size its width. */
type Parameters = Readonly<Record<string, ArrayLike<number>>>;

interface Column {
  readonly name: string;
  readonly units: number;
  /** Name of the weights [units before, units] that lead here. */
  readonly weight?: string | undefined;
}

const columnsOf = ({ inputs, layers }: Network): Column[] => [
  { name: inputs[0]!.name, units: inputs[0]!.shape.reduce((a, b) => a * b, 1) },
  ...layers
    .filter(({ layer: { neurons } }) => neurons !== undefined)
    .map(({ name, output, parameters }) => ({
      name,
      units: output.reduce((a, b) => a * b, 1),
      weight: parameters.find(({ role }) => role === 'weight')?.name,
    })),
];

interface NetworkPicture {
  readonly title: string;
  readonly parameters?: Parameters;
  readonly width?: number;
}

/** Every unit and every connection of a chain of dense layers. */
export function drawNetwork(network: Network, { title, parameters, width = 440 }: NetworkPicture): string {
  const columns = columnsOf(network);
  const most = Math.max(...columns.map(({ units }) => units));
  const gap = 46;
  const height = most * gap + 44;
  const middle = (height - 34) / 2;
  const x = (column: number): number => 56 + (column * (width - 112)) / (columns.length - 1);
  const y = (column: number, unit: number): number =>
    middle + (unit - ((columns[column] as Column).units - 1) / 2) * gap;
  const connections = columns.slice(1).flatMap(({ units, weight }, i) => {
    const before = (columns[i] as Column).units;
    const weights = weight === undefined ? undefined : parameters?.[weight];
    const largest = weights ? Math.max(...Array.from(weights, Math.abs)) || 1 : 1;
    return Array.from({ length: before * units }, (_, at) => {
      const [from, to] = [Math.floor(at / units), at % units];
      const value = weights?.[at];
      const look =
        value === undefined
          ? 'class="synapse"'
          : `class="synapse ${value < 0 ? 'inhibitory' : 'excitatory'}" stroke-width="${coordinate(0.6 + (3.4 * Math.abs(value)) / largest)}"`;
      return `<line ${look} x1="${coordinate(x(i))}" y1="${coordinate(y(i, from))}" x2="${coordinate(x(i + 1))}" y2="${coordinate(y(i + 1, to))}"/>`;
    });
  });
  const units = columns.flatMap(({ units: count, name }, column) => [
    ...Array.from(
      { length: count },
      (_, unit) =>
        `<circle class="unit ${column === 0 ? 'input' : ''}" cx="${coordinate(x(column))}" cy="${coordinate(y(column, unit))}" r="15"/>`,
    ),
    text(x(column), height - 8, name, { anchor: 'middle', class: 'legend' }),
  ]);
  const description = columns.map(({ name, units: count }) => `${name}: ${count}`).join('; ');
  return svg({ title, description, width, height }, connections.join('') + units.join(''));
}

interface NeuronPicture {
  readonly title: string;
  readonly parameters: Parameters;
  readonly inputs: readonly number[];
  readonly output: number;
}

/** One unit of a network of one unit: what comes in, what it is weighed with, and what goes out. */
export function drawNeuron(network: Network, { title, parameters, inputs, output }: NeuronPicture): string {
  const { name, layer } = network.layers[0]!;
  const [weights, bias] = [parameters[`${name}.weight`]!, parameters[`${name}.bias`]![0]!];
  const width = 560;
  const height = Math.max(190, inputs.length * 62 + 20);
  const [bodyX, bodyY] = [300, height / 2];
  const sum = inputs.reduce((total, input, i) => total + input * weights[i]!, bias);
  const dendrites = inputs.map((input, i) => {
    const y = bodyY + (i - (inputs.length - 1) / 2) * 66;
    const weight = weights[i]!;
    const look = weight < 0 ? 'inhibitory' : 'excitatory';
    return (
      `<path class="synapse ${look}" stroke-width="${coordinate(1.5 + Math.min(4, Math.abs(weight)))}" d="M88 ${coordinate(y)}C190 ${coordinate(y)} 210 ${coordinate(bodyY + (y - bodyY) / 3)} ${bodyX - 50} ${coordinate(bodyY + (y - bodyY) / 3)}"/>` +
      `<circle class="unit input" cx="58" cy="${coordinate(y)}" r="30"/>` +
      text(58, y + 5, printNumber(input), { anchor: 'middle', class: 'legend' }) +
      text(94, y - 9, `w${subscript(i)} = ${printNumber(weight)}`, { class: 'legend' })
    );
  });
  const type = layer.activation?.type ?? 'identity';
  const body =
    `<circle class="unit" cx="${bodyX}" cy="${bodyY}" r="52"/>` +
    text(bodyX, bodyY - 6, 'Σ wx + b', { anchor: 'middle', class: 'legend' }) +
    text(bodyX, bodyY + 14, printNumber(sum), { anchor: 'middle', class: 'heading' }) +
    text(bodyX, bodyY + 74, `b = ${printNumber(bias)}`, { anchor: 'middle', class: 'legend' }) +
    `<path class="synapse" d="M${bodyX + 52} ${bodyY}H392"/>` +
    `<rect class="unit" x="392" y="${bodyY - 24}" width="78" height="48" rx="10"/>` +
    text(431, bodyY + 5, type, { anchor: 'middle', class: 'legend' }) +
    `<path class="synapse" d="M470 ${bodyY}H500"/>` +
    text(506, bodyY + 5, printNumber(output), { class: 'heading' });
  const description = `Inputs ${inputs.map(printNumber).join(', ')}; sum ${printNumber(sum)}; output ${printNumber(output)}`;
  return svg({ title, description, width, height }, dendrites.join('') + body);
}

const subscript = (index: number): string => String.fromCharCode(0x2080 + index);
