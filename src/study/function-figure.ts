/** The trained function over its data, for inputs of one feature. */
import { polynomialValue } from '../data/polynomial';
import type { Figure, FigureSeries, Reference } from '../protocol/report';
import type { Situation, Trained } from '../theory/result';
import { inWords } from '../theory/wording';

/** Points of a drawn curve. */
const POINTS = 241;
/** The curve goes on beyond the data by this share of its width: what a fit does there is part of the picture. */
const BEYOND = 0.05;

/** Empty for inputs of several features and models of several outputs. */
export function functionFigure({ data, model, loss }: Situation, trained: Trained, reference: Reference | null): readonly Figure[] {
  const raw = data.before?.data ?? data;
  if (raw.features !== 1 || raw.matrix !== undefined || model.outputsPerSample !== 1) return [];
  const low = raw.x.reduce((least, value) => Math.min(least, value), Infinity);
  const high = raw.x.reduce((most, value) => Math.max(most, value), -Infinity);
  if (!(high > low)) return [];
  const margin = BEYOND * (high - low);
  const grid = Float64Array.from({ length: POINTS }, (_, k) => low - margin + ((high - low + 2 * margin) * k) / (POINTS - 1));
  const seen = data.before?.map(grid, POINTS) ?? grid;
  const outputs = new Float64Array(POINTS);
  model.outputsOn(trained.parameters, seen, POINTS, outputs);

  const x = Array.from(grid);
  const curve = (name: string, y: ArrayLike<number>): FigureSeries => ({ name, style: 'line', x, y: Array.from(y) });
  const series: FigureSeries[] = [
    { name: 'samples', style: 'points', x: Array.from(raw.x), y: Array.from(raw.y) },
    curve('trained', outputs),
  ];
  const predicted = predictedCurve(reference, seen, data.features);
  if (predicted !== null) series.push(curve('predicted', predicted));
  const { polynomial } = raw;
  if (polynomial !== undefined)
    series.push(
      curve(
        'truth',
        grid.map((value) => polynomialValue(polynomial, value)),
      ),
    );
  const fitted = new Float64Array(data.samples);
  model.outputsOn(trained.parameters, data.x, data.samples, fitted);
  const largest = fitted.reduce((most, value, i) => Math.max(most, Math.abs(value - raw.y[i])), 0);
  return [
    {
      kind: 'chart',
      id: 'function',
      title: 'The function over its data',
      says: loss.onMargins
        ? `The trained function at ${data.samples} samples with labels −1 and 1, and between them.`
        : `The trained function passes its ${data.samples} samples within ${inWords(largest)}.`,
      x: { label: raw.featureNames?.[0] ?? 'x', scale: 'linear' },
      y: { label: 'f(x)', scale: 'linear' },
      series,
    },
  ];
}

/** β·x̃ of a reference of a model that is linear in its features, with a bias where it has one more entry. */
function predictedCurve(reference: Reference | null, seen: Float64Array, features: number): Float64Array | null {
  const w = reference?.predictor;
  if (w == null || (w.length !== features && w.length !== features + 1)) return null;
  return Float64Array.from({ length: seen.length / features }, (_, i) => {
    let sum = w.length > features ? w[features] : 0;
    for (let j = 0; j < features; j++) sum += w[j] * seen[i * features + j];
    return sum;
  });
}
