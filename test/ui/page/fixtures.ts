/**
 * Reports as the product makes them, computed here from small models of each row, so that the page is tested with
 * numbers that behave like real ones: falling over twenty decades, underflowing, overflowing, staying at zero.
 */
import type { ComparedRun, LivePoints, RunState, RunView } from '../../../src/protocol/panel';
import type { Condition, Prediction, Reference, Report, Verdict } from '../../../src/protocol/report';

/** Deterministic numbers in [−1, 1] (mulberry32). */
function stream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

function prediction(change: Partial<Prediction>): Prediction {
  return {
    result: 'zhang-2017-closest-interpolator',
    title: 'Gradient descent on least squares finds the interpolator closest to its start',
    regularizer: 'l2',
    symbol: 'min ‖w − w₀‖₂',
    statement:
      'Gradient descent never leaves w₀ plus the row space of X, so among all interpolators it converges to the one closest to w₀.',
    formula: 'w(∞) = w₀ + X⁺(y − X w₀)',
    status: 'theorem',
    applies: true,
    conditions: [
      { text: 'The model is linear and the loss is the square loss', holds: true, because: 'model linear, loss square' },
      { text: 'The step size is stable', holds: true, because: 'η = 0.1 below 2/λ_max = 0.43' },
      { text: 'The labels can be interpolated', holds: true, because: 'rank 8 = n' },
    ],
    citation: {
      authors: 'Zhang, Bengio, Hardt, Recht, Vinyals',
      year: 2017,
      title: 'Understanding deep learning requires rethinking generalization',
      venue: 'ICLR',
      locus: 'Section 5',
      url: 'https://arxiv.org/abs/1611.03530',
    },
    ...change,
  };
}

const BESIDE: Prediction = prediction({
  result: 'soudry-2018-max-margin',
  title: 'Gradient descent on separable data converges to the max-margin direction',
  symbol: 'max margin, ℓ2',
  applies: false,
  conditions: [
    { text: 'The loss has an exponential tail', holds: false, because: 'the square loss has none' },
    { text: 'The data are separable', holds: 'unknown', because: 'labels are not ±1' },
  ] satisfies readonly Condition[],
  citation: {
    authors: 'Soudry, Hoffer, Nacson, Gunasekar, Srebro',
    year: 2018,
    title: 'The implicit bias of gradient descent on separable data',
    venue: 'JMLR 19(70)',
    locus: 'Theorem 3',
    url: 'https://jmlr.org/papers/v19/18-188.html',
  },
});

function reference(change: Partial<Reference>): Reference {
  return {
    id: 'closest',
    title: 'Interpolator closest to the start',
    regularizer: 'l2',
    predictor: [],
    objective: 0.4544,
    certificate: { kind: 'kkt-residual', value: 3.13e-16, says: 'Relative stationarity 7.6×10⁻¹⁸, Xw = y holds to rounding.' },
    role: 'predicted',
    ...change,
  };
}

function report(change: Partial<Report> & Pick<Report, 'trajectory' | 'verdict'>): Report {
  const last = Object.fromEntries(Object.entries(change.trajectory).map(([name, column]) => [name, column[column.length - 1]]));
  return {
    format: 1,
    figures: [],
    title: 'Experiment',
    experiment: {},
    fingerprint: '3f2a9c0d51e67b84'.repeat(4),
    version: '0.1.0',
    kernels: 'wasm-simd',
    seconds: 1.37,
    outcome: 'converged',
    ended: 'The parameters came to rest after 1531 steps.',
    data: { samples: 8, features: 12, featureNames: null, sha256: null },
    predictions: [prediction({}), BESIDE],
    solution: { predictor: null, parameters: [], loss: last['loss'] ?? Number.NaN, logLoss: last['logLoss'] ?? Number.NaN },
    references: [],
    measures: last,
    asExpected: null,
    ...change,
  };
}

function norm(w: readonly number[]): number {
  return Math.hypot(...w);
}

/** R1: gradient descent on 8 equations in 12 unknowns, really run; the limit is the reference. */
export function linearRegression(stepSize = 0.1, title = 'Closest interpolator'): Report {
  const random = stream(7);
  const [n, d] = [8, 12];
  const x = Array.from({ length: n }, () => Array.from({ length: d }, () => random()));
  const y = Array.from({ length: n }, () => 2 * random());
  const w = new Array<number>(d).fill(0);
  const snapshots: { step: number; w: number[]; loss: number; gradient: number }[] = [];
  const recorded = new Set(Array.from({ length: 200 }, (_, k) => Math.round(60_000 ** (k / 199)) - 1));
  for (let step = 0; step < 60_000; step += 1) {
    const residual = x.map((row, i) => row.reduce((sum, value, j) => sum + value * w[j], 0) - y[i]);
    const gradient = w.map((_, j) => residual.reduce((sum, r, i) => sum + (r * x[i][j]) / n, 0));
    if (recorded.has(step)) {
      snapshots.push({ step, w: [...w], loss: residual.reduce((sum, r) => sum + (r * r) / (2 * n), 0), gradient: norm(gradient) });
    }
    for (let j = 0; j < d; j += 1) w[j] -= stepSize * gradient[j];
  }
  const distance = (at: readonly number[]): number => norm(at.map((value, j) => value - w[j])) / norm(w) + 3.4e-14;
  const trajectory = {
    step: snapshots.map(({ step }) => step),
    time: snapshots.map(({ step }) => step * stepSize),
    loss: snapshots.map(({ loss }) => loss),
    gradientNorm: snapshots.map(({ gradient }) => gradient),
    distance: snapshots.map((at) => distance(at.w)),
    l1Norm: snapshots.map((at) => at.w.reduce((sum, value) => sum + Math.abs(value), 0)),
    l2Norm: snapshots.map((at) => norm(at.w)),
  };
  return report({
    title,
    trajectory,
    solution: { predictor: w.map((value) => value * (1 + 1e-14)), parameters: [w], loss: 0, logLoss: -Infinity },
    references: [
      reference({ predictor: w, objective: norm(w) }),
      reference({
        id: 'l1',
        title: 'Interpolator of least ℓ1 norm',
        regularizer: 'l1',
        role: 'compared',
        predictor: w.map((value, j) => (j % 3 === 0 ? 0 : value * 1.3)),
        objective: 1.91,
        certificate: { kind: 'duality-gap', value: 0, says: '‖w‖₁ = 1.91 with relative duality gap 0.' },
      }),
    ],
    verdict: {
      outcome: 'agrees',
      result: 'zhang-2017-closest-interpolator',
      measure: 'relative-distance',
      value: 3.38e-14,
      tolerance: 1e-8,
      says: 'w is 3.38×10⁻¹⁴ from the closest solution, within 10⁻⁸.',
    },
  });
}

/** C1: the flow far beyond double precision: w = ŵ ln t + ρ, loss e^(−ln t), time up to e^10000 or beyond. */
export function maxMargin(limit = 10_000): Report {
  const random = stream(11);
  const d = 20;
  const raw = Array.from({ length: d }, () => random());
  const direction = raw.map((value) => value / norm(raw));
  const rest = Array.from({ length: d }, () => 0.4 * random());
  const logTime = Array.from({ length: 200 }, (_, k) => (k === 0 ? -Infinity : limit ** (k / 199) - 1));
  const logs = logTime.map((value) => Math.max(0, value));
  const predictors = logs.map((value) => direction.map((u, j) => u * value + rest[j] * Math.min(1, value)));
  const distances = predictors.map((w) => (norm(w) === 0 ? Number.NaN : norm(w.map((value, j) => value / norm(w) - direction[j]))));
  const best = 0.7071;
  const trajectory = {
    step: logs.map((_, k) => k * 12),
    time: logTime.map((value) => Math.exp(value)),
    logTime,
    loss: logs.map((value) => Math.exp(-value) * 0.6931),
    logLoss: logs.map((value) => -value - 0.3665),
    gradientNorm: logs.map((value) => Math.exp(-value) * 0.5),
    directionDistance: distances,
    angle: distances.map((value) => 2 * Math.asin(Math.min(2, value) / 2)),
    margin: distances.map((value) => best * (1 - value ** 2 / 2 - value / 4)),
    marginGap: distances.map((value) => value ** 2 / 2 + value / 4),
    l2Norm: predictors.map(norm),
  };
  return report({
    title: 'Max margin, two Gaussians',
    data: { samples: 100, features: d, featureNames: null, sha256: null },
    outcome: 'stopped',
    ended: `The limit ln ℒ = −${limit} was reached.`,
    trajectory,
    solution: { predictor: predictors[predictors.length - 1], parameters: [], loss: 0, logLoss: -limit },
    references: [
      reference({
        id: 'max-margin',
        title: 'ℓ2 max-margin direction',
        regularizer: 'l2-margin',
        predictor: direction,
        objective: best,
        certificate: { kind: 'duality-gap', value: 0, says: 'Margin 0.7071 is reached and is an upper bound from 3 support vectors.' },
      }),
    ],
    predictions: [{ ...BESIDE, applies: true, conditions: [{ text: 'The data are separable', holds: true, because: 'margin 0.7071' }] }],
    verdict: {
      outcome: 'agrees',
      result: 'soudry-2018-max-margin',
      measure: 'direction-distance',
      value: 2.9e-5,
      tolerance: 1e-4,
      says: 'The direction is 2.9×10⁻⁵ from the certified max-margin direction, within 10⁻⁴.',
    },
    asExpected: true,
  });
}

/** R3: 100 features, five of them in the truth; the flow relaxes to the minimiser of its potential. */
export function diagonalNetwork(): Report {
  const random = stream(3);
  const d = 100;
  const predicted = Array.from({ length: d }, (_, j) => (j % 20 === 3 ? 1 + 0.4 * random() : 0.02 * random()));
  const trained = predicted.map((value) => value + 4e-8 * random());
  const time = Array.from({ length: 200 }, (_, k) => (k === 0 ? 0 : 10 ** (-3 + (7 * k) / 199)));
  const left = time.map((t) => Math.exp(-t / 180) * 0.98 + 2.2e-8);
  const trajectory = {
    step: time.map((_, k) => k * 7),
    time,
    loss: left.map((value) => 0.4 * value * value),
    gradientNorm: left.map((value) => 0.7 * value),
    distance: left,
    l1Norm: left.map((value) => (1 - value) * predicted.reduce((sum, w) => sum + Math.abs(w), 0)),
    l2Norm: left.map((value) => (1 - value) * norm(predicted)),
    invariantDrift: time.map((t) => 1.7e-10 * (1 - Math.exp(-t))),
  };
  const woodworth = prediction({
    result: 'woodworth-2020-kernel-rich',
    title: 'The scale of the start interpolates between ℓ1 and ℓ2',
    regularizer: 'hypentropy',
    symbol: 'min Q_α(w), ℓ1-like at α = 0.01',
    statement: 'Gradient flow on a tied diagonal network converges to the interpolator that minimises the potential Q_α.',
    formula: 'Q_α(w) = α² Σᵢ q(wᵢ/α²),  q(z) = 2 − √(4 + z²) + z·arcsinh(z/2)',
    citation: {
      authors: 'Woodworth, Gunasekar, Lee, Moroshko, Savarese, Golan, Soudry, Srebro',
      year: 2020,
      title: 'Kernel and rich regimes in overparametrized models',
      venue: 'COLT',
      locus: 'Theorem 1',
      url: 'https://arxiv.org/abs/2002.09277',
    },
  });
  return report({
    title: 'Sparse recovery with a diagonal network',
    data: { samples: 40, features: d, featureNames: null, sha256: null },
    predictions: [woodworth, BESIDE],
    trajectory,
    solution: { predictor: trained, parameters: [], loss: 1e-16, logLoss: Math.log(1e-16) },
    references: [
      reference({
        id: 'potential',
        title: 'Minimiser of the potential',
        regularizer: 'hypentropy',
        predictor: predicted,
        objective: 0.3121,
      }),
      reference({
        id: 'l2',
        title: 'Interpolator of least ℓ2 norm',
        role: 'compared',
        predictor: predicted.map((value) => value * 0.5 + 0.1 * random()),
      }),
    ],
    verdict: {
      outcome: 'agrees',
      result: 'woodworth-2020-kernel-rich',
      measure: 'relative-distance',
      value: 2.2e-8,
      tolerance: 1e-5,
      says: 'w is 2.2×10⁻⁸ from the minimiser of the potential, within 10⁻⁵.',
    },
  });
}

/** The slow rate of gradient descent, reported as unfinished. */
export function slowDescent(): Report {
  const whole = maxMargin();
  const keep = 60;
  const trajectory = Object.fromEntries(Object.entries(whole.trajectory).map(([name, column]) => [name, column.slice(0, keep)]));
  const verdict: Verdict = {
    ...whole.verdict,
    outcome: 'inconclusive',
    value: 0.00438,
    says: 'The direction is still 0.00438 from the max-margin direction; the 1/ln t law foresees 0.00439 at ln t = 9.9.',
  };
  return report({ ...whole, title: 'Gradient descent is slow', trajectory, verdict, outcome: 'stopped', asExpected: false });
}

/** A step size beyond 2/λ_max: the loss grows until it is no number any more. */
export function diverged(): Report {
  const steps = Array.from({ length: 60 }, (_, k) => k);
  const loss = steps.map((k) => (k < 55 ? 0.5 * 1e6 ** k : k < 58 ? Infinity : Number.NaN));
  return report({
    title: 'Step size beyond 2/λ_max',
    outcome: 'diverged',
    ended: 'The loss is not finite after step 55.',
    trajectory: { step: steps, time: steps.map((k) => k * 3), loss, l2Norm: loss.map((value) => Math.sqrt(value)) },
    solution: { predictor: null, parameters: [], loss: Number.NaN, logLoss: Number.NaN },
    verdict: {
      outcome: 'inconclusive',
      result: null,
      measure: null,
      value: null,
      tolerance: null,
      says: 'The run diverged; nothing is compared.',
    },
  });
}

/** One leaky unit from w = 0, where all its samples are on the kink. */
export function stuck(): Report {
  return report({
    title: 'A leaky unit from 0',
    outcome: 'stuck',
    ended:
      'The flow is stuck at a kink at the start, at θ = 0: the gradient, of norm 0.0401, jumps by 0.295 within a distance of 10⁻⁶⁶ along the flow, so that no step keeps to the tolerance, however short.',
    trajectory: { step: [0], time: [0], loss: [0.2125], l2Norm: [0] },
    solution: { predictor: null, parameters: [[0, 0]], loss: 0.2125, logLoss: Math.log(0.2125) },
    verdict: {
      outcome: 'inconclusive',
      result: null,
      measure: null,
      value: null,
      tolerance: null,
      says: 'There is no end of the run to be judged.',
    },
  });
}

const NO_POINTS: LivePoints = { columns: [], rows: 0, values: new Float64Array() };

/** A run in some state around a report. */
export function view(state: RunState, of: Report | null, change: Partial<RunView> = {}): RunView {
  return {
    id: 'run-1',
    kind: 'run',
    title: of?.title ?? 'Closest interpolator',
    file: 'experiments/closest-interpolator.bias.json',
    state,
    stale: false,
    startedAt: '2026-03-14T09:26:53.000Z',
    report: of,
    subject: null,
    failure: null,
    predictions: of?.predictions ?? [prediction({}), BESIDE],
    references: of?.references ?? [],
    live: NO_POINTS,
    figures: [],
    progress: null,
    waiting: false,
    ...change,
  };
}

/** Rows `from` to `to` of a trajectory as live messages carry them. */
export function livePoints(trajectory: Readonly<Record<string, readonly number[]>>, from: number, to: number): LivePoints {
  const columns = Object.keys(trajectory);
  const values = new Float64Array((to - from) * columns.length);
  for (let row = from; row < to; row += 1)
    columns.forEach((name, c) => (values[(row - from) * columns.length + c] = trajectory[name][row]));
  return { columns, rows: to - from, values };
}

/** Eight curves of `rows` points, one chart's worst case. */
export function manyCurves(rows: number): Readonly<Record<string, readonly number[]>> {
  const names = ['loss', 'gradientNorm', 'testLoss', 'distance', 'directionDistance', 'angle', 'marginGap', 'invariantDrift'];
  const time = Array.from({ length: rows }, (_, k) => 1.01 ** k * 1e-3);
  return {
    time,
    ...Object.fromEntries(names.map((name, i) => [name, time.map((t, k) => (1 + 0.1 * Math.sin(k / 7)) / (1 + t) ** (0.3 + i / 10))])),
  };
}

export function compared(of: Report, id = 'other'): ComparedRun {
  return { id, title: of.title, report: of };
}

/** Every state of the page, each with the numbers a run would have then. */
export function allStates(): Readonly<Record<string, { readonly run: RunView | null; readonly compared: readonly ComparedRun[] }>> {
  const r1 = linearRegression();
  const c1 = maxMargin();
  const alone = (run: RunView | null): { run: RunView | null; compared: readonly ComparedRun[] } => ({ run, compared: [] });
  return {
    empty: alone(null),
    'empty-with-file': alone(view('empty', null)),
    running: alone(
      view('running', null, {
        live: livePoints(r1.trajectory, 0, 120),
        progress: { fraction: 0.42, says: 'training · ln ℒ = −8.12' },
        references: r1.references,
      }),
    ),
    'done-r1': alone(view('done', r1)),
    'done-c1': alone(view('done', c1, { file: 'max-margin.bias.json' })),
    'done-r3': alone(view('done', diagonalNetwork(), { file: 'sparse-recovery.bias.json' })),
    inconclusive: alone(view('done', slowDescent())),
    diverged: alone(view('diverged', diverged())),
    stuck: alone(view('stuck', stuck())),
    cancelled: alone(
      view('cancelled', {
        ...slowDescent(),
        outcome: 'cancelled',
        ended: 'Cancelled after 708 steps.',
        verdict: {
          outcome: 'inconclusive',
          result: null,
          measure: null,
          value: null,
          tolerance: null,
          says: 'The run was cancelled before it could be judged.',
        },
      }),
    ),
    failed: alone(view('failed', null, { failure: 'The compute worker ended: out of memory. The file asks for 10 000 000 numbers.' })),
    stale: alone(view('done', r1, { stale: true })),
    compared: {
      run: view('done', r1),
      compared: [compared(linearRegression(0.02, 'Smaller step')), compared(linearRegression(0.3, 'Larger step'), 'third')],
    },
  };
}
