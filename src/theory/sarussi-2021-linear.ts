/**
 * R. Sarussi, A. Brutzkus, A. Globerson, Towards Understanding Learning in Neural Networks with Linear Teachers, ICML 2021.
 *
 * N(x) = v(Σ_j φ(w_j·x) − Σ_j φ(u_j·x)) with leaky ReLU φ of slope 0 < α < 1 and a fixed output layer ±v, on separable data. While
 * the flow stays in the neural agreement regime, where all w_j have one sign pattern on the samples and all u_j another, every w_j moves by
 * the same vector, and every u_j: they cluster, and the decision boundary is the hyperplane (w − u)·x = 0. The clusters go in the
 * direction of a support vector machine in ℝ^(2d),
 *
 *     min ‖w‖² + ‖u‖²  s.t.  y_i (s_i w·x_i − s′_i u·x_i) ≥ 1,   s, s′ ∈ {1, α} by the patterns,
 *
 * in perfect agreement with s_i = 1 where y_i = 1 and s′_i = 1 where y_i = −1. Whether the flow stays in the regime is a matter of the
 * run: it is evaluated at its end.
 */
import type { Experiment } from '../experiment/schema';
import { directionDistance } from '../measures/agreement';
import { activationSpec } from '../models/create-model';
import { randomStream } from '../numerics/random';
import { norm2 } from '../numerics/vectors';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import type { MaxMargin } from '../solvers/max-margin';
import { FALLING, flowConditions, isClassification, marginGrowth, parameterMarginOf } from './homogeneous-limit';
import { separationCondition, separationOfData, separationOfRows } from './linear-separation';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';

const ID = 'sarussi-2021-linear';

/**
 * What the start left in the weights fades like ‖θ(0)‖/‖θ‖, and the steps on a piecewise linear model end at a relative length near 10⁻⁵;
 * a direction is promised to a per mille.
 */
const TOLERANCE = 1e-3;
/** Before this the transient of the start may still hide the limit. */
const SETTLED = -1e3;
const PROBES = 400;
const NAR = 'neural agreement: one sign pattern on the samples for all units of one sign';

/** s_i and s′_i ∈ {1, α}. */
interface Pattern {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

export const sarussi2021Linear: PublishedResult = {
  id: ID,
  row: 'C9',
  title: 'Leaky ReLU with a fixed output layer: two clusters and a linear classifier',
  statement:
    'While all units of one output sign agree on which samples they are positive, gradient flow on separable data moves them by the same ' +
    'vector: they cluster, the decision boundary becomes a hyperplane, and the two cluster directions are those of a support vector ' +
    'machine in twice the dimension. It is not that of the linear support vector machine on the data.',
  formula: '(w, u) → argmin ‖w‖² + ‖u‖² s.t. yᵢ(sᵢ w·xᵢ − s′ᵢ u·xᵢ) ≥ 1,  s, s′ ∈ {1, α};  boundary (w − u)·x = 0',
  status: 'theorem',
  citation: {
    authors: 'Roei Sarussi, Alon Brutzkus, Amir Globerson',
    year: 2021,
    title: 'Towards Understanding Learning in Neural Networks with Linear Teachers',
    venue: 'International Conference on Machine Learning, PMLR 139',
    locus: 'the results on clustering in the neural agreement regime',
    url: 'https://proceedings.mlr.press/v139/sarussi21a.html',
  },

  outline(experiment) {
    if (leakySlope(experiment) === null) return null;
    return {
      regularizer: 'clustered-margin',
      symbol: 'max margin in ℝ^(2d) of two clusters, a linear boundary',
      conditions: fileConditions(experiment),
      modelNote: 'fixed output layer: two clusters while the units agree',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = sarussi2021Linear.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** Slope of a network with one hidden leaky ReLU layer that alone is trained; null for any other experiment. */
function leakySlope(experiment: Experiment): number | null {
  const { model } = experiment;
  if (model.kind !== 'network' || model.widths.length !== 1 || model.trainable !== 'first' || !isClassification(experiment)) return null;
  const activation = activationSpec(model.activation);
  return activation.kind === 'leaky-relu' ? activation.slope : null;
}

/** Output weights of the file; null where they are drawn at random. */
function outputWeights({ init, model }: Experiment): readonly number[] | null {
  if (init.kind !== 'explicit' || model.kind !== 'network') return null;
  return init.parameters.at(model.bias === 'none' ? 1 : 2) ?? null;
}

function fileConditions(experiment: Experiment): Condition[] {
  const { model } = experiment;
  const slope = leakySlope(experiment) ?? 0;
  const weights = outputWeights(experiment);
  const size = Math.abs(weights?.at(0) ?? 0);
  const positive = weights?.filter((value) => value > 0).length ?? 0;
  const balanced = weights !== null && size > 0 && weights.every((value) => Math.abs(value) === size) && 2 * positive === weights.length;
  return [
    condition('leaky ReLU with a slope 0 < α < 1', slope > 0 && slope < 1, `α = ${inWords(slope)}`),
    condition('no bias', model.kind === 'network' && model.bias === 'none', model.kind === 'network' ? `bias: ${model.bias}` : ''),
    condition(
      'fixed output weights +v and −v, as many of each',
      balanced,
      weights === null
        ? 'the init draws them; only an explicit init can make them ±v'
        : balanced
          ? `v = ${inWords(size)}, ${positive} of each`
          : `${positive} of ${weights.length} positive, sizes from ${inWords(Math.min(...weights.map(Math.abs)))} to ${inWords(Math.max(...weights.map(Math.abs)))}`,
    ),
    ...flowConditions(experiment),
  ];
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, data } = situation;
  const slope = leakySlope(experiment) ?? 1;
  const weights = outputWeights(experiment) ?? [];
  const known = [...outline.conditions, separationCondition(separationOfData(data))];
  const applies = known.every(({ holds }) => holds === true);
  const perfect: Pattern = { positive: data.y.map((y) => (y > 0 ? 1 : slope)), negative: data.y.map((y) => (y > 0 ? slope : 1)) };
  const before = condition(NAR, 'unknown', `the run decides; ${agreement(situation, situation.start, weights, slope).says} at the start`);
  return {
    // Whether the units agree is settled by the run: the prediction rests on what is known before it.
    prediction: predictionOf(sarussi2021Linear, outline, [...known, before], applies),
    measures: ['loss', 'logLoss', 'parameterMargin', 'smoothedMargin', 'kktResidual', 'parameterNorm'],
    companions: [],
    solve: () => Promise.resolve(referenceOf(clusterProblem(situation, perfect), 'perfect agreement')),
    settle: (trained) => {
      const { pattern, says } = agreement(situation, trained.parameters, weights, slope);
      return [...known, condition(NAR, pattern !== null, `${says} at the end`)];
    },
    judge: (trained, reference) => {
      const tolerance = experiment.expect?.tolerance ?? TOLERANCE;
      return judge(trained, reference, situation, { weights, slope, perfect, tolerance });
    },
    figures: (trained) => figures(trained, situation, weights),
  };
}

/** The support vector machine in ℝ^(2d) of a pattern. */
function clusterProblem({ data }: Situation, { positive, negative }: Pattern): MaxMargin | null {
  const { x, y, samples, features } = data;
  const rows = new Float64Array(samples * 2 * features);
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < features; j++) {
      const value = y[i] * x[i * features + j];
      rows[i * 2 * features + j] = positive[i] * value;
      rows[i * 2 * features + features + j] = -negative[i] * value;
    }
  }
  return separationOfRows(rows, samples, 2 * features);
}

function referenceOf(problem: MaxMargin | null, pattern: string): Reference | null {
  if (problem?.separable !== true) return null;
  const { point, objective, certificate } = problem.answer;
  const d = point.length / 2;
  return {
    id: 'clustered-margin',
    title: `Boundary w − u of the two clusters, in ${pattern}`,
    regularizer: 'clustered-margin',
    predictor: Array.from({ length: d }, (_, j) => point[j] - point[d + j]),
    objective,
    certificate,
    role: 'predicted',
  };
}

/** The sign patterns of the units at one θ, where they agree; else null. */
function agreement(
  { data }: Situation,
  theta: Float64Array,
  weights: readonly number[],
  slope: number,
): { readonly pattern: Pattern | null; readonly says: string } {
  const { x, samples, features } = data;
  const positive = new Float64Array(samples);
  const negative = new Float64Array(samples);
  let split = 0;
  for (let i = 0; i < samples; i++) {
    const counts = [0, 0, 0, 0];
    weights.forEach((v, j) => {
      let z = 0;
      for (let c = 0; c < features; c++) z += theta[j * features + c] * x[i * features + c];
      counts[(v > 0 ? 0 : 2) + (z > 0 ? 1 : 0)]++;
    });
    if (Math.min(counts[0], counts[1]) > 0 || Math.min(counts[2], counts[3]) > 0) split++;
    positive[i] = counts[1] > 0 ? 1 : slope;
    negative[i] = counts[3] > 0 ? 1 : slope;
  }
  if (split > 0) return { pattern: null, says: `the units are split on ${split} of ${samples} samples` };
  const perfect = data.y.every((y, i) => positive[i] === (y > 0 ? 1 : slope) && negative[i] === (y > 0 ? slope : 1));
  return {
    pattern: { positive, negative },
    says: perfect ? 'all agree, perfectly with the labels' : 'all agree, not perfectly with the labels',
  };
}

/** Sums of the positive and of the negative units: 2d entries, and how far units are from their cluster's mean, relatively. */
function clusters(
  { data }: Situation,
  theta: Float64Array,
  weights: readonly number[],
): { readonly sums: Float64Array; readonly spread: number } {
  const d = data.features;
  const sums = new Float64Array(2 * d);
  const counts = [0, 0];
  weights.forEach((v, j) => {
    const at = v > 0 ? 0 : d;
    counts[v > 0 ? 0 : 1]++;
    for (let c = 0; c < d; c++) sums[at + c] += theta[j * d + c];
  });
  let spread = 0;
  weights.forEach((v, j) => {
    const at = v > 0 ? 0 : d;
    const count = counts[v > 0 ? 0 : 1];
    let square = 0;
    for (let c = 0; c < d; c++) square += (theta[j * d + c] - sums[at + c] / count) ** 2;
    spread = Math.max(spread, (Math.sqrt(square) * count) / norm2(sums.subarray(at, at + d)));
  });
  return { sums, spread };
}

/** Share of random inputs on which the network and the hyperplane (w − u)·x = 0 give one sign. */
function boundaryAgreement({ model, data }: Situation, theta: Float64Array, sums: Float64Array): number {
  const d = data.features;
  const random = randomStream(0, 'probes');
  const x = Float64Array.from({ length: PROBES * d }, () => random.gaussian());
  const out = new Float64Array(PROBES);
  const length = norm2(theta);
  model.outputsOn(
    theta.map((value) => value / length),
    x,
    PROBES,
    out,
  );
  let same = 0;
  for (let i = 0; i < PROBES; i++) {
    let linear = 0;
    for (let j = 0; j < d; j++) linear += (sums[j] - sums[d + j]) * x[i * d + j];
    if (linear * out[i] > 0) same++;
  }
  return same / PROBES;
}

interface Setting {
  readonly weights: readonly number[];
  readonly slope: number;
  readonly perfect: Pattern;
  readonly tolerance: number;
}

function judge(
  trained: Trained,
  reference: Reference | null,
  situation: Situation,
  { weights, slope, perfect, tolerance }: Setting,
): Verdict {
  const base = { result: ID, measure: 'direction of the two clusters', tolerance };
  const { pattern, says } = agreement(situation, trained.parameters, weights, slope);
  const { sums, spread } = clusters(situation, trained.parameters, weights);
  const same = boundaryAgreement(situation, trained.parameters, sums);
  const signs = `network and hyperplane agree in sign on ${inWords(100 * same)} % of random inputs`;
  const settled = trained.logLoss < SETTLED;
  if (pattern === null) {
    return {
      ...base,
      outcome: settled ? 'no-prediction' : 'inconclusive',
      value: null,
      says: `The run has not stayed in the neural agreement regime: ${says} at the end, so the theorem says nothing of its limit; ${signs}.`,
    };
  }
  const isPerfect = pattern.positive.every((value, i) => value === perfect.positive[i] && pattern.negative[i] === perfect.negative[i]);
  const problem = clusterProblem(situation, pattern);
  if (reference === null || problem?.separable !== true) {
    return { ...base, outcome: 'inconclusive', value: null, says: 'The problem of the two clusters has no certified solution.' };
  }
  const value = directionDistance(sums, problem.answer.point);
  const which = isPerfect ? 'perfect agreement' : `agreement that is not perfect (its own problem, ${problem.answer.certificate.says})`;
  if (value <= tolerance) {
    return {
      ...base,
      outcome: 'agrees',
      value,
      says:
        `In ${which} the clusters are ${inWords(value)} from the predicted direction in ℝ^(2d), within ${inWords(tolerance)}; units are within ` +
        `${inWords(spread)} of their cluster, and ${signs}.`,
    };
  }
  // f is linear in the clusters here, so the distance is at most √(2 gap) of the margin: what counts is whether the gap still closes.
  const best = Math.abs(weights[0]) * Math.sqrt(weights.length / 2) * problem.margin;
  const gap = 1 - parameterMarginOf(situation, trained.parameters) / best;
  const growth = marginGrowth(trained);
  const closing = growth !== null && gap < (1 - (1 - gap) * (1 - growth)) / FALLING;
  return {
    ...base,
    outcome: settled && !closing ? 'disagrees' : 'inconclusive',
    value,
    says:
      settled && !closing
        ? `In ${which} the clusters stay ${inWords(value)} from the predicted direction at ln ℒ = ${inWords(trained.logLoss)}; ${signs}.`
        : `The clusters are still ${inWords(value)} from the predicted direction at ln ℒ = ${inWords(trained.logLoss)}; ${signs}.`,
  };
}

/** For inputs in the plane: the directions of the units, and the boundary. */
function figures(trained: Trained, situation: Situation, weights: readonly number[]): Figure[] {
  const { data } = situation;
  if (data.features !== 2 || weights.length === 0) return [];
  const length = norm2(trained.parameters);
  const ends = (sign: number): { x: number[]; y: number[] } => {
    const kept = Array.from(weights.keys()).filter((j) => weights[j] * sign > 0);
    return { x: kept.map((j) => trained.parameters[2 * j] / length), y: kept.map((j) => trained.parameters[2 * j + 1] / length) };
  };
  const { sums, spread } = clusters(situation, trained.parameters, weights);
  const [b1, b2] = [sums[0] - sums[2], sums[1] - sums[3]];
  const size = Math.hypot(b1, b2);
  const reach = Math.max(...ends(1).x.map(Math.abs), ...ends(1).y.map(Math.abs), ...ends(-1).x.map(Math.abs), ...ends(-1).y.map(Math.abs));
  return [
    {
      kind: 'chart',
      id: 'unit-clusters',
      title: 'Weights of the units',
      says: `End points of w_j/‖θ‖ (output +v) and u_j/‖θ‖ (output −v): units are within ${inWords(spread)} of their cluster. The line is the boundary (w − u)·x = 0.`,
      x: { label: 'first weight', scale: 'linear' },
      y: { label: 'second weight', scale: 'linear' },
      series: [
        { name: 'output +v', style: 'points', ...ends(1) },
        { name: 'output −v', style: 'points', ...ends(-1) },
        { name: 'boundary', style: 'line', x: [(-reach * b2) / size, (reach * b2) / size], y: [(reach * b1) / size, (-reach * b1) / size] },
      ],
    },
  ];
}
