/**
 * L. Chen, J. Bruna, Beyond the Edge of Stability via Two-step Gradient Updates, ICML 2023 (arXiv:2206.04172): near a minimum of one variable with
 * 3f‴² − f″f⁗ > 0, gradient descent with a step slightly above 2/f″ has an orbit of period two.
 *
 * The sign is that of the first coefficient of the flip bifurcation of x ↦ x − ηf′(x): with e = ηf″ − 2 and c = ½(ηf‴)² − ⅓ηf⁗ the orbit is
 * x̄ ± √(2e/c)(1 + O(e)), and it attracts. Here the orbit itself is solved for, from the model and the data alone; that it attracts is its
 * multiplier. The paper states the case f‴ ≠ 0, and one with f‴ = 0 > f⁗ besides.
 */
import type { Experiment } from '../experiment/schema';
import type { Figure } from '../protocol/report';
import { plainDescentCondition } from './plain-descent';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { judgeCycle } from './two-step-cycle';
import { condition, inWords } from './wording';

const ID = 'chen-bruna-2022-two-step';

/** e beyond which "slightly above" is no longer said; the cycle of ½(x² − 1)² itself becomes unstable at e = 2(√5 − 2). */
const SLIGHTLY = 0.3;
/** Points at which an interval is looked at, and what is left out next to a fixed point, over the width of the orbit. */
const LOOKS = 200;
const AT_POINT = 1e-6;
const NEWTON_STEPS = 200;
const ONE = Float64Array.of(1);

export const chenBruna2022TwoStep: PublishedResult = {
  id: ID,
  row: 'S10',
  title: 'One parameter beyond 2/f″: an orbit of two points',
  statement:
    'With a step slightly above 2/f″ no minimum of one variable is stable. Where 3f‴² − f″f⁗ > 0 there, gradient descent does not diverge: ' +
    'it ends on an orbit of two points around the minimum, whose width is the root of the excess.',
  formula: '3f‴² − f″f⁗ > 0, e = ηf″ − 2 ↓ 0  ⇒  x̄ ± √(2e/c), c = ½(ηf‴)² − ⅓ηf⁗',
  status: 'theorem',
  citation: {
    authors: 'Lei Chen, Joan Bruna',
    year: 2023,
    title: 'Beyond the Edge of Stability via Two-step Gradient Updates',
    venue: 'International Conference on Machine Learning, PMLR 202',
    url: 'https://arxiv.org/abs/2206.04172',
  },

  outline(experiment) {
    const { optimizer } = experiment;
    if (!hasOneParameter(experiment) || optimizer.kind !== 'gradient-descent') return null;
    return {
      regularizer: 'none',
      symbol: 'an orbit of two points beyond 2/f″',
      conditions: [plainDescentCondition(optimizer)],
      modelNote: null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = chenBruna2022TwoStep.outline(situation.experiment);
    return Promise.resolve(outline === null || situation.model.parameterCount !== 1 ? null : examine(situation, outline));
  },
};

function hasOneParameter({ model, data, features, loss }: Experiment): boolean {
  const one = model.kind === 'neuron' || (model.kind === 'linear' && !model.bias);
  return one && data.kind === 'inline' && data.x[0]?.length === 1 && features === undefined && loss.kind !== 'cross-entropy';
}

/** The training loss of one variable. */
class Line {
  private readonly theta = new Float64Array(1);
  private readonly out = new Float64Array(1);

  constructor(private readonly situation: Situation) {}

  value(x: number): number {
    this.theta[0] = x;
    return this.situation.objective.value(this.theta);
  }

  slope(x: number): number {
    this.theta[0] = x;
    this.situation.objective.gradient(this.theta, this.out);
    return this.out[0];
  }

  bend(x: number): number {
    this.theta[0] = x;
    this.situation.curvature.at(this.theta).multiply(ONE, this.out);
    return this.out[0];
  }

  /** The minimum next to a point by Newton's method where the loss is convex, by short descents elsewhere; null where none is found. */
  minimum(start: number): number | null {
    let x = start;
    for (let k = 0; k < NEWTON_STEPS; k++) {
      const slope = this.slope(x);
      const bend = this.bend(x);
      let step = -slope / (bend > 0 ? bend : Math.max(Math.abs(bend), 1e-3));
      for (let half = 0; half < 60 && this.value(x + step) > this.value(x); half++) step /= 2;
      if (Math.abs(step) <= 4 * Number.EPSILON * Math.max(1, Math.abs(x))) return bend > 0 ? x : null;
      x += step;
    }
    return null;
  }

  /** f‴ and f⁗ by differences of the exact second derivative, of order four. */
  higher(x: number): readonly [number, number] {
    const h = 1e-3 * Math.max(1, Math.abs(x));
    const [a, b, m, c, d] = [-2, -1, 0, 1, 2].map((k) => this.bend(x + k * h));
    return [(a - 8 * b + 8 * c - d) / (12 * h), (-a + 16 * b - 30 * m + 16 * c - d) / (12 * h * h)];
  }
}

interface Bifurcation {
  readonly at: number;
  readonly bend: number;
  readonly third: number;
  readonly fourth: number;
  readonly excess: number;
  /** 3f‴² − f″f⁗. */
  readonly criterion: number;
  /** √(2e/c), where both are positive. */
  readonly amplitude: number;
  readonly cycle: { readonly points: readonly [number, number]; readonly multiplier: number } | null;
}

function bifurcationOf(line: Line, start: number, eta: number): Bifurcation | null {
  const at = line.minimum(start);
  if (at === null) return null;
  const bend = line.bend(at);
  const [third, fourth] = line.higher(at);
  const excess = eta * bend - 2;
  const c = (eta * third) ** 2 / 2 - (eta * fourth) / 3;
  const amplitude = Math.sqrt((2 * excess) / c);
  const cycle = excess > 0 && c > 0 ? cycleNear(line, at - amplitude, at + amplitude, eta) : null;
  return { at, bend, third, fourth, excess, criterion: 3 * third * third - bend * fourth, amplitude, cycle };
}

/** b = g(a), a = g(b) with g(x) = x − ηf′(x), by Newton's method. */
function cycleNear(line: Line, low: number, high: number, eta: number): Bifurcation['cycle'] {
  let [a, b] = [low, high];
  for (let k = 0; k < NEWTON_STEPS; k++) {
    const first = b - a + eta * line.slope(a);
    const second = a - b + eta * line.slope(b);
    const [ga, gb] = [1 - eta * line.bend(a), 1 - eta * line.bend(b)];
    // [−g′(a) 1; 1 −g′(b)] (da, db) = −(first, second).
    const det = ga * gb - 1;
    if (!(Math.abs(det) > 1e-12)) return null;
    const da = (gb * first + second) / det;
    const db = (ga * second + first) / det;
    a += da;
    b += db;
    if (!Number.isFinite(a + b)) return null;
    if (Math.abs(da) + Math.abs(db) <= 8 * Number.EPSILON * (Math.abs(a) + Math.abs(b))) {
      const apart = Math.abs(b - a) > 1e-3 * Math.abs(high - low);
      return apart ? { points: a < b ? [a, b] : [b, a], multiplier: (1 - eta * line.bend(a)) * (1 - eta * line.bend(b)) } : null;
    }
  }
  return null;
}

/**
 * An interval around the minimum and the start that g(x) = x − ηf′(x) maps into itself, from which every start but x̄ comes to the orbit: where g falls, g² grows, so
 * its iterates go monotonically to a fixed point of g², and those are x̄, which repels, and the two points of the orbit. As g exchanges the sides of x̄, one side tells.
 * Null where g does not fall throughout, or leads out, or g² has other fixed points: then the orbit may be missed.
 */
function catching(
  line: Line,
  at: number,
  [low, high]: readonly [number, number],
  start: number,
  eta: number,
): readonly [number, number] | null {
  const g = (x: number): number => x - eta * line.slope(x);
  const first = g(start);
  const within = start >= low && start <= high;
  const from = within ? low : Math.min(low, start, first);
  const to = within ? high : Math.max(high, start, first);
  const slack = AT_POINT * (high - low);
  if (!(g(to) >= from - slack && g(from) <= to + slack)) return null;
  for (let k = 0; k <= LOOKS; k++) {
    const x = from + (k / LOOKS) * (to - from);
    if (!(eta * line.bend(x) > 1)) return null;
    if (x - at > slack && Math.abs(x - high) > slack && !((g(g(x)) - x) * (high - x) > 0)) return null;
  }
  return [from, to];
}

function examine(situation: Situation, outline: Outline): Examination {
  const { stepSize, start, experiment } = situation;
  const eta = stepSize ?? Number.NaN;
  const line = new Line(situation);
  const found = bifurcationOf(line, start[0], eta);
  const conditions = [
    ...outline.conditions,
    ...(found === null
      ? [condition('a minimum next to the start', 'unknown', 'none was found')]
      : conditionsOf(found, line, start[0], eta)),
  ];
  return {
    prediction: predictionOf(chenBruna2022TwoStep, outline, conditions),
    withoutReference: true,
    judgesDivergence: true,
    measures: ['loss', 'gradientNorm', 'parameter1'],
    companions: [],
    solve: () => Promise.resolve(null),
    judge: (trained) => {
      const cycle = found?.cycle;
      if (found == null || cycle == null)
        return {
          result: ID,
          measure: null,
          value: null,
          tolerance: null,
          outcome: 'inconclusive',
          says: 'There is no orbit to compare with.',
        };
      const now = trained.parameters[0];
      const half = (cycle.points[1] - cycle.points[0]) / 2;
      const remark = `; half the width is ${inWords(half, 4)}, √(2e/c) = ${inWords(found.amplitude, 4)}`;
      return judgeCycle(
        { result: ID, name: 'the parameter', points: cycle.points, contraction: Math.abs(cycle.multiplier), remark },
        now,
        now - eta * line.slope(now),
        trained,
        experiment.expect?.tolerance,
      );
    },
    figures: (trained) => orbitFigure(trained, found),
  };
}

function conditionsOf(found: Bifurcation, line: Line, start: number, eta: number): ReturnType<typeof condition>[] {
  const { at, bend, third, fourth, excess, criterion, amplitude, cycle } = found;
  const away = Math.abs(start - at);
  const caught = cycle === null || !(away > 0) ? null : catching(line, at, cycle.points, start, eta);
  const exists = cycle !== null && Math.abs(cycle.multiplier) < 1;
  const supercritical = criterion > 1e-6 * (3 * third * third + Math.abs(bend * fourth));
  return [
    condition('a minimum next to the start', true, `x̄ = ${inWords(at, 5)}, f″ = ${inWords(bend, 5)}`),
    condition(
      '3f‴² − f″f⁗ > 0 at the minimum',
      supercritical,
      `f‴ = ${inWords(third, 4)}, f⁗ = ${inWords(fourth, 4)}: ${inWords(criterion, 4)}${supercritical ? '' : ', the orbit of two points is not there to catch the descent'}`,
    ),
    condition(
      'a step slightly above 2/f″',
      excess <= 0 ? false : excess <= SLIGHTLY ? true : 'unknown',
      `e = ηf″ − 2 = ${inWords(excess)}${excess <= 0 ? ': the minimum is stable' : `, slightly is at most ${SLIGHTLY}`}`,
    ),
    ...(excess > 0 && supercritical
      ? [
          condition(
            'the orbit of two points is there and attracts',
            exists,
            cycle === null ? 'none was found' : `the derivative of two steps is ${inWords(cycle.multiplier)}`,
          ),
        ]
      : []),
    ...(excess > 0 && supercritical && exists
      ? [
          condition(
            'a start near the minimum',
            caught === null ? 'unknown' : true,
            `|x₀ − x̄| = ${inWords(away)}, half the width of the orbit is about ${inWords(amplitude)}: ` +
              (caught === null
                ? 'from there a step may lead elsewhere'
                : `descent stays between ${inWords(caught[0])} and ${inWords(caught[1])}, where all comes to the orbit`),
          ),
        ]
      : []),
  ];
}

function orbitFigure({ trajectory }: Trained, found: Bifurcation | null): readonly Figure[] {
  const [x, y] = [trajectory['step'], trajectory['parameter1']];
  const points = found?.cycle?.points;
  if (x === undefined || y === undefined || points === undefined || x.length < 2) return [];
  const ends = [x[0], x[x.length - 1]];
  return [
    {
      kind: 'chart',
      id: 'two-step-orbit',
      title: 'The parameter over the steps',
      says: `Around x̄ = ${inWords(found?.at ?? Number.NaN, 5)} the orbit has the points ${inWords(points[0], 5)} and ${inWords(points[1], 5)}.`,
      x: { label: 'step', scale: 'linear' },
      y: { label: 'θ', scale: 'linear' },
      series: [
        { name: 'the run', style: 'points', x, y },
        { name: 'lower point of the orbit', style: 'line', x: ends, y: [points[0], points[0]] },
        { name: 'upper point of the orbit', style: 'line', x: ends, y: [points[1], points[1]] },
      ],
    },
  ];
}
