/** The way of a run through the plane of its two parameters, with the curve of exact fits and the edge at which the step is no longer stable. */
import { stabilityThreshold } from '../experiment/stability-threshold';
import { levelLines, type Grid } from '../numerics/contour';
import type { Figure, FigureSeries } from '../protocol/report';
import type { Situation, Trained } from './result';
import { inWords, stepsInWords } from './wording';

/** Columns that a result has to ask for. */
export const PLANE_MEASURES = ['parameter1', 'parameter2'] as const;

/** Cells along a side: a curve is then right to about a hundredth of the picture, and looks smooth. */
const CELLS = 90;
/** Room around the path, in parts of its larger side. */
const ROOM = 0.15;

/** Nothing for models of another number of parameters, and for runs that left every bound. */
export function parameterPlane(situation: Situation, trained: Trained): readonly Figure[] {
  const { model, stepSize, experiment } = situation;
  const path = { x: trained.trajectory['parameter1'], y: trained.trajectory['parameter2'] };
  if (model.parameterCount !== 2 || path.x === undefined || path.y === undefined || trained.outcome === 'diverged') return [];
  const area = around(path.x, path.y);
  const theta = new Float64Array(2);
  const at = (x: number, y: number): Float64Array => {
    theta[0] = x;
    theta[1] = y;
    return theta;
  };
  // Lines of a run that jumps to and fro would fill the picture: its points show two arms.
  const series: FigureSeries[] = [{ name: 'path of the run', style: swings(path.x, path.y) ? 'points' : 'line', x: path.x, y: path.y }];
  const zeroOf = (name: string, f: (x: number, y: number) => number): void => {
    const { x, y } = levelLines(sampled(f, area), area, 0);
    if (x.length > 1) series.push({ name, style: 'line', x, y, pieces: true });
  };

  if (model.samples === 1 && situation.loss.kind === 'square') {
    const output = new Float64Array(1);
    const misfit = (x: number, y: number): number => {
      model.outputs(at(x, y), output);
      return output[0] - situation.data.y[0];
    };
    zeroOf('minimisers', misfit);
  }
  const bound = stepSize === null ? null : stabilityThreshold(experiment.optimizer);
  const threshold = bound === null || stepSize === null ? null : bound.factor / stepSize;
  if (bound !== null && threshold !== null) {
    zeroOf(`S = ${bound.over('η')}`, (x, y) => sharpness(situation, at(x, y)) - threshold);
  }
  const last = path.x.length - 1;
  series.push({ name: 'start', style: 'points', x: [path.x[0]], y: [path.y[0]] });
  series.push({ name: 'end', style: 'points', x: [path.x[last]], y: [path.y[last]] });
  const edge =
    threshold === null ? '' : ` Within the curve of S = ${inWords(threshold)} a minimiser is stable for the step, beyond it is not.`;
  return [
    {
      kind: 'chart',
      id: 'parameter-plane',
      title: 'The run in the plane of its parameters',
      says:
        `From (${inWords(path.x[0])}, ${inWords(path.y[0])}) to (${inWords(path.x[last], 5)}, ${inWords(path.y[last], 5)}) ` +
        `in ${stepsInWords(trained.steps)}.${edge}`,
      x: { label: 'θ₁', scale: 'linear' },
      y: { label: 'θ₂', scale: 'linear' },
      series,
    },
  ];
}

/** Whether most recorded moves turn back on the one before. */
function swings(x: readonly number[], y: readonly number[]): boolean {
  let back = 0;
  for (let k = 2; k < x.length; k++) {
    const along = (x[k] - x[k - 1]) * (x[k - 1] - x[k - 2]) + (y[k] - y[k - 1]) * (y[k - 1] - y[k - 2]);
    if (along < 0) back++;
  }
  return back > (x.length - 2) / 2;
}

/** A grid around a path, with some room. */
function around(x: readonly number[], y: readonly number[]): Grid {
  const range = (values: readonly number[]): readonly [number, number] => [Math.min(...values), Math.max(...values)];
  const [left, right] = range(x);
  const [bottom, top] = range(y);
  const room = Math.max(ROOM * Math.max(right - left, top - bottom), 1e-9);
  return {
    rows: CELLS + 1,
    columns: CELLS + 1,
    x: { from: left - room, step: (right - left + 2 * room) / CELLS },
    y: { from: bottom - room, step: (top - bottom + 2 * room) / CELLS },
  };
}

function sampled(f: (x: number, y: number) => number, { rows, columns, x, y }: Grid): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, k) =>
    f(x.from + x.step * (k % columns), y.from + y.step * Math.floor(k / columns)),
  );
}

const UNITS = [Float64Array.of(1, 0), Float64Array.of(0, 1)] as const;

/** Larger eigenvalue of the Hessian of two parameters. */
function sharpness({ curvature }: Situation, theta: Float64Array): number {
  curvature.at(theta);
  const [first, second] = UNITS.map((unit) => {
    const column = new Float64Array(2);
    curvature.multiply(unit, column);
    return column;
  });
  return (first[0] + second[1]) / 2 + Math.hypot((first[0] - second[1]) / 2, first[1]);
}
