/** Pictures of a two-layer network beside the network of largest margin. */
import type { Experiment } from '../experiment/schema';
import type { Figure } from '../protocol/report';
import type { VariationNormAnswer } from '../solvers/variation-norm';
import type { UnitActivation } from '../solvers/unit-peaks';
import type { Situation, Trained } from './result';
import { unitInputs, unitsOf, type Units } from './two-layer-units';
import { inWords } from './wording';

type NetworkSpec = Extract<Experiment['model'], { kind: 'network' }>;

/** Points of a drawn curve. */
const POINTS = 361;

/** The normalized margin over the run beside the bound that no network passes. */
export function marginFigure({ trajectory }: Trained, bound: number): readonly Figure[] {
  const losses = trajectory['logLoss'];
  const margins = trajectory['parameterMargin'];
  if (losses === undefined || margins === undefined) return [];
  const kept = Array.from(losses.keys()).filter((k) => losses[k] < -1 && margins[k] > 0);
  if (kept.length < 2) return [];
  const x = kept.map((k) => -losses[k]);
  const y = kept.map((k) => margins[k]);
  const last = y[y.length - 1];
  return [
    {
      kind: 'chart',
      id: 'variation-norm-margin',
      title: 'Normalized margin and the largest of any width',
      says:
        `The normalized margin ends at ${inWords(last, 6)}, ${inWords(100 * (1 - last / bound))} % below the largest one of any width, ` +
        `${inWords(bound, 6)}; its highest value on the way is ${inWords(Math.max(...y), 6)}.`,
      x: { label: '−ln ℒ', scale: 'log' },
      y: { label: 'min yᵢ f(xᵢ)/‖θ‖²', scale: 'linear' },
      series: [
        { name: 'trained', style: 'line', x, y },
        { name: 'largest of any width', style: 'line', x: [x[0], x[x.length - 1]], y: [bound, bound] },
      ],
    },
  ];
}

/** In the plane of (weight, bias) or of two features: the dual bound by direction with the trained units; over one feature: the functions. */
export function unitFigures(
  situation: Situation,
  spec: NetworkSpec,
  activation: UnitActivation,
  trained: Trained,
  answer: VariationNormAnswer,
): readonly Figure[] {
  const units = unitsOf(situation, spec, trained.parameters);
  if (units.dimension !== 2) return [];
  const figures = [directionFigure(situation, spec, activation, units, answer)];
  return situation.data.features === 1 ? [...figures, functionFigure(situation, activation, units, answer)] : figures;
}

const valueOf = (activation: UnitActivation, z: number): number =>
  activation.kind === 'quadratic' ? z * z : z > 0 ? z : activation.slope * z;

function directionFigure(
  situation: Situation,
  spec: NetworkSpec,
  activation: UnitActivation,
  units: Units,
  answer: VariationNormAnswer,
): Figure {
  const { data } = situation;
  const { x } = unitInputs(situation, spec);
  const degrees = Array.from({ length: POINTS }, (_, k) => k - 180);
  const bound = degrees.map((degree) => {
    const [a, b] = [Math.cos((degree * Math.PI) / 180), Math.sin((degree * Math.PI) / 180)];
    let g = 0;
    for (let i = 0; i < data.samples; i++) {
      g += answer.multipliers[i] * data.y[i] * valueOf(activation, a * x[2 * i] + b * x[2 * i + 1]);
    }
    return Math.abs(g);
  });
  const sizes = sizesOf(units, activation);
  const largest = Math.max(...sizes);
  const live = Array.from(sizes.keys()).filter((j) => sizes[j] > 1e-3 * largest);
  const angle = (a: number, b: number): number => (Math.atan2(b, a) * 180) / Math.PI;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const names = situation.data.features === 1 ? 'weight and bias' : 'the first and the second feature';
  return {
    kind: 'chart',
    id: 'variation-norm-directions',
    title: 'Directions of the units and the dual bound',
    says:
      `${live.length} of ${units.count} units ${live.length === 1 ? 'is' : 'are'} alive at the end. A direction is the angle between ${names}. The dual bound ` +
      `|Σ λᵢyᵢφ(a·xᵢ)| nowhere exceeds 1; units of the largest margin lie where it is 1, at ` +
      `${answer.atoms.map(({ direction: [a, b] }) => `${inWords(angle(a, b))}°`).join(', ')}.`,
    x: { label: 'direction of a in degrees', scale: 'linear' },
    y: { label: 'dual bound; share of a unit', scale: 'linear' },
    series: [
      { name: 'dual bound', style: 'line', x: degrees, y: bound },
      {
        name: 'trained units, share of the norm',
        style: 'points',
        x: live.map((j) => angle(units.directions[2 * j], units.directions[2 * j + 1])),
        y: live.map((j) => sizes[j] / total),
      },
      {
        name: 'units of the largest margin',
        style: 'points',
        x: answer.atoms.map(({ direction: [a, b] }) => angle(a, b)),
        y: answer.atoms.map(({ weight }) => Math.abs(weight) / answer.objective),
      },
    ],
  };
}

/** |v_j| ‖a_j‖^k: what a unit adds to the variation norm. */
function sizesOf({ count, dimension, directions, outputs }: Units, activation: UnitActivation): number[] {
  return Array.from({ length: count }, (_, j) => {
    const length = Math.hypot(...directions.subarray(j * dimension, (j + 1) * dimension));
    return Math.abs(outputs[j]) * (activation.kind === 'quadratic' ? length * length : length);
  });
}

function functionFigure({ data }: Situation, activation: UnitActivation, units: Units, answer: VariationNormAnswer): Figure {
  const inputs = Array.from(data.x);
  const [low, high] = [Math.min(...inputs), Math.max(...inputs)];
  const margin = 0.15 * (high - low || 1);
  const grid = Array.from({ length: POINTS }, (_, k) => low - margin + ((high - low + 2 * margin) * k) / (POINTS - 1));
  const trained = (x: number): number => {
    let f = 0;
    for (let j = 0; j < units.count; j++)
      f += units.outputs[j] * valueOf(activation, units.directions[2 * j] * x + units.directions[2 * j + 1]);
    return f;
  };
  const best = (x: number): number =>
    answer.atoms.reduce((f, { direction: [a, b], weight }) => f + weight * valueOf(activation, a * x + b), 0);
  const smallest = inputs.reduce((least, x, i) => Math.min(least, data.y[i] * trained(x)), Infinity);
  const difference = grid.reduce((most, x) => Math.max(most, Math.abs(trained(x) / smallest - best(x))), 0);
  return {
    kind: 'chart',
    id: 'variation-norm-function',
    title: 'The function, scaled to smallest margin 1',
    says: `Trained network and the network of largest margin differ by at most ${inWords(difference)} where they are drawn.`,
    x: { label: 'x', scale: 'linear' },
    y: { label: 'f(x)', scale: 'linear' },
    series: [
      { name: 'trained', style: 'line', x: grid, y: grid.map((x) => trained(x) / smallest) },
      { name: 'largest margin', style: 'line', x: grid, y: grid.map(best) },
      { name: 'labels', style: 'points', x: inputs, y: Array.from(data.y) },
    ],
  };
}
