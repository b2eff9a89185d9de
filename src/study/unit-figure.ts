/** The hidden units of a two-layer network as directions in the plane, at the start and as they are now. */
import type { Figure, FigureSeries } from '../protocol/report';
import type { Situation, Trained } from '../theory/result';
import { twoLayerSpec, unitsOf, type Units } from '../theory/two-layer-units';
import { inWords } from '../theory/wording';

/** More units are a cloud in which no direction is seen. Output weights that are not trained are read off unit by unit. */
const MOST_UNITS = { all: 2000, first: 300 } as const;
/** A unit below this share of the largest one is asleep. */
const ASLEEP = 1e-3;

/** Empty unless the weights of a unit are two numbers: two features, or one and a bias. */
export function unitFigure(situation: Situation, trained: Trained): readonly Figure[] {
  const spec = twoLayerSpec(situation.experiment);
  const { data, model, start } = situation;
  if (spec === null || model.outputsPerSample !== 1 || data.matrix !== undefined) return [];
  if (data.features + (spec.bias === 'none' ? 0 : 1) !== 2 || spec.widths[0] > MOST_UNITS[spec.trainable]) return [];
  const now = endsOf(unitsOf(situation, spec, trained.parameters));
  if (now === null) return [];
  const before = endsOf(unitsOf(situation, spec, start));
  const awake = now.sizes.filter((size) => size > ASLEEP).length;
  const pick = ({ x, y }: Ends, kept: (unit: number) => boolean): Pick<FigureSeries, 'x' | 'y'> => ({
    x: x.filter((_, j) => kept(j)),
    y: y.filter((_, j) => kept(j)),
  });
  const series: readonly FigureSeries[] = [
    { name: 'output positive', style: 'points', ...pick(now, (j) => now.outputs[j] > 0) },
    { name: 'output negative', style: 'points', ...pick(now, (j) => !(now.outputs[j] > 0)) },
    ...(before === null ? [] : [{ name: 'at the start', style: 'points' as const, ...pick(before, () => true) }]),
  ];
  const [first, second] = data.features === 1 ? ['weight a', 'bias b'] : ['weight a₁', 'weight a₂'];
  return [
    {
      kind: 'chart',
      id: 'unit-directions',
      title: 'Directions of the units',
      says:
        `Each unit vⱼφ(aⱼ·x) is drawn at |vⱼ| aⱼ, over the longest of these. ${awake} of ${now.sizes.length} units ${awake === 1 ? 'is' : 'are'} longer than ` +
        `${inWords(ASLEEP)} of it${awake > 1 ? `, within ${inWords(spreadOf(now))}° of the nearest other direction on average` : ''}.`,
      x: { label: `${first}, times |v|`, scale: 'linear' },
      y: { label: `${second}, times |v|`, scale: 'linear' },
      sameUnits: true,
      series: series.filter(({ x }) => x.length > 0),
    },
  ];
}

interface Ends {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Lengths over the largest. */
  readonly sizes: readonly number[];
  readonly outputs: Float64Array;
}

function endsOf({ count, directions, outputs }: Units): Ends | null {
  const at = (k: number): number[] => Array.from({ length: count }, (_, j) => Math.abs(outputs[j]) * directions[2 * j + k]);
  const [x, y] = [at(0), at(1)];
  const lengths = x.map((value, j) => Math.hypot(value, y[j]));
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  if (!(longest > 0 && longest < Infinity)) return null;
  return {
    x: x.map((value) => value / longest),
    y: y.map((value) => value / longest),
    sizes: lengths.map((one) => one / longest),
    outputs,
  };
}

/** Mean angle in degrees from an awake unit to the next awake one, in the order of their directions; for two or more of them. */
function spreadOf({ x, y, sizes }: Ends): number {
  const angles = x.flatMap((value, j) => (sizes[j] > ASLEEP ? [(Math.atan2(y[j], value) * 180) / Math.PI] : [])).sort((a, b) => a - b);
  const gaps = angles.map((angle, k) => (k + 1 < angles.length ? angles[k + 1] - angle : angles[0] + 360 - angle));
  const nearest = gaps.map((gap, k) => Math.min(gap, gaps[(k + gaps.length - 1) % gaps.length]));
  return nearest.reduce((sum, gap) => sum + gap, 0) / nearest.length;
}
