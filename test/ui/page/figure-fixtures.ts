/** Figures as results bring them: a spectrum, a function over its data, a matrix of both signs, a map with gaps. */
import type { Figure, FigureSeries, Report } from '../../../src/protocol/report';
import { linearRegression } from './fixtures';

type Chart = Extract<Figure, { readonly kind: 'chart' }>;
type HeatMap = Extract<Figure, { readonly kind: 'heat-map' }>;

/** Power of a signal at its frequencies, trained beside predicted: bars on a logarithmic axis. */
export const SPECTRUM: Chart = {
  kind: 'chart',
  id: 'spectrum',
  title: 'Spectrum of the predictor',
  says: 'Three of twelve frequencies carry 99.2 % of the power.',
  x: { label: 'frequency d', scale: 'linear' },
  y: { label: '|β̂(d)|² in power units', scale: 'log' },
  series: [0, 1].map((which) => ({
    name: which === 0 ? 'trained' : 'predicted',
    style: 'bars',
    x: Array.from({ length: 12 }, (_, d) => d),
    y: Array.from({ length: 12 }, (_, d) => (d % 4 === 1 ? 3 - which * 0.1 : 10 ** (-4 - d / 3 + which * 0.2))),
  })),
};

/** A function with its knots and the samples it runs through; one sample is missing. */
export const FUNCTION: Chart = {
  kind: 'chart',
  id: 'function',
  title: 'The function over its data',
  says: 'The trained function is a linear spline with knots at 5 of 9 samples.',
  x: { label: 'x', scale: 'linear' },
  y: { label: 'f(x)', scale: 'linear' },
  series: [
    {
      name: 'trained',
      style: 'line',
      x: Array.from({ length: 200 }, (_, k) => -2 + k / 50),
      y: Array.from({ length: 200 }, (_, k) => Math.abs(-2 + k / 50) - 0.4),
    },
    {
      name: 'predicted',
      style: 'line',
      x: Array.from({ length: 200 }, (_, k) => -2 + k / 50),
      y: Array.from({ length: 200 }, (_, k) => Math.abs(-2 + k / 50) - 0.4 + 0.15 * Math.sin((4 * k) / 50)),
    },
    {
      name: 'samples',
      style: 'points',
      x: [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2],
      y: [1.6, 1.1, 0.6, 0.1, -0.4, Number.NaN, 0.6, 1.1, 1.6],
    },
    { name: 'knots', style: 'points', x: [-1, -0.5, 0, 0.5, 1], y: [0.6, 0.1, -0.4, 0.1, 0.6] },
  ],
};

/** Positive and negative entries with two of them missing. */
export const MATRIX: HeatMap = {
  kind: 'heat-map',
  id: 'matrix',
  title: 'Product matrix at the end',
  says: 'The matrix has rank 2; its largest entry is 1.2.',
  x: { label: 'column j', scale: 'linear' },
  y: { label: 'row i', scale: 'linear' },
  rows: 12,
  columns: 16,
  values: Array.from({ length: 192 }, (_, k) => {
    const [i, j] = [Math.floor(k / 16), k % 16];
    return (i === 3 && j === 4) || (i === 3 && j === 5) ? Number.NaN : 1.2 * Math.sin(i / 3) * Math.cos(j / 4);
  }),
  label: 'entry of W₂W₁',
};

/** Few cells of one sign: their numbers have room. */
export const PHASES: HeatMap = {
  kind: 'heat-map',
  id: 'phases',
  title: 'Distance by scale and optimizer',
  says: 'The distance falls from 0.9 to 0.01 towards small scales.',
  x: { label: 'α', scale: 'log', ticks: ['0.001', '0.01', '0.1', '1', '10'] },
  y: { label: 'optimizer', scale: 'linear', ticks: ['gradient-flow', 'gd', 'sgd', 'momentum'] },
  rows: 4,
  columns: 5,
  values: Array.from({ length: 20 }, (_, k) => (k === 13 ? Number.NaN : 0.9 / (1 + (k % 5)) / (1 + Math.floor(k / 5)))),
  label: 'relative distance',
};

export const ALL_FIGURES: readonly Figure[] = [SPECTRUM, FUNCTION, MATRIX, PHASES];

export function withFigures(figures: readonly Figure[] = ALL_FIGURES): Report {
  return { ...linearRegression(), title: 'A result with pictures', figures };
}

/** The most that is taken in: forty noisy lines of 20 000 points. */
export function crowdedChart(style: FigureSeries['style'] = 'line', points = 20_000): Chart {
  return {
    ...FUNCTION,
    id: `crowd-${style}`,
    title: `Crowd of ${style}`,
    series: Array.from({ length: 40 }, (_, s) => ({
      name: `run ${s + 1}`,
      style,
      x: Array.from({ length: points }, (_, k) => k),
      y: Array.from({ length: points }, (_, k) => s + Math.sin(k * (1 + s / 7)) + Math.sin(k / 900)),
    })),
  };
}

/** The largest heat map that is taken in. */
export function largeMap(rows = 500, columns = 500): HeatMap {
  return {
    ...MATRIX,
    id: 'large',
    title: 'A large matrix',
    rows,
    columns,
    values: Array.from({ length: rows * columns }, (_, k) => Math.sin(k / 997) * Math.cos(k / 31) - 0.2),
  };
}

/** Two classes in the plane with a boundary of some angle, its margin lines in two pieces, and rings around what holds them. */
export function boundaryAt(angle: number): Chart {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const line = (name: string, shift: number): FigureSeries => ({
    name,
    style: 'line',
    x: [-3 * c - shift * s, 3 * c - shift * s],
    y: [-3 * s + shift * c, 3 * s + shift * c],
  });
  const [upper, lower] = [line('', 0.6), line('', -0.6)];
  return {
    kind: 'chart',
    id: 'boundary',
    title: 'Decision boundary over the samples',
    says: 'The trained boundary f(x) = 0 separates all 6 samples; the smallest margin yᵢf(xᵢ) is 0.6, and within 5 % of it are 2 samples, ringed.',
    x: { label: 'x₁', scale: 'linear' },
    y: { label: 'x₂', scale: 'linear' },
    sameUnits: true,
    series: [
      { name: 'class +1', style: 'points', x: [1, 2, 2.5], y: [1, 2.2, -1] },
      { name: 'class −1', style: 'points', x: [-1, -2, -2.5], y: [-1, -2.2, 1] },
      line('trained, f = 0', 0),
      line('predicted', 0.1),
      {
        name: 'trained, margin',
        style: 'line',
        pieces: true,
        x: [...upper.x, Number.NaN, ...lower.x],
        y: [...upper.y, Number.NaN, ...lower.y],
      },
      { name: 'at the smallest margin', style: 'rings', x: [1, -1], y: [1, -1] },
    ],
  };
}
