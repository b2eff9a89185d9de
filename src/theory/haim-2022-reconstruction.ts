/**
 * N. Haim, G. Vardi, G. Yehudai, O. Shamir, M. Irani, Reconstructing training data from trained neural networks, NeurIPS 2022: gradient
 * flow takes a homogeneous classifier to a KKT point of the margin problem, θ = Σ λᵢyᵢ∇f(xᵢ) (Lyu & Li 2020), so its parameters are a
 * system of equations for the samples on the margin. Solving it approximately gives many of them back. This is observed, not proved;
 * it asks for many more parameters than unknowns.
 *
 * What is scored is how well every sample is met: its largest cosine with a point found for its label, and the mean over the samples.
 * Only directions can be had, for a network without bias. The score stands beside three that know less: random directions, the units
 * of the trained network themselves (sums of samples that share a label), and the same search in the network as it started.
 */
import { activationSpec } from '../models/create-model';
import { randomStream } from '../numerics/random';
import { dot, norm2 } from '../numerics/vectors';
import type { Condition, Figure, FigureSeries, Verdict } from '../protocol/report';
import { reconstruct, type Reconstruction, type TwoLayerWeights } from '../solvers/reconstruction';
import { thresholdOf } from './below-threshold';
import { flowConditions, isClassification } from './homogeneous-limit';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, countInWords, inWords } from './wording';

const ID = 'haim-2022-reconstruction';

/** "Many more" parameters than unknowns. */
const MORE = 10;
/** Operations of one round of the search, so that all starts together take seconds. */
const LARGEST = 2e6;
const STARTS = 60;
/** A cosine from which on a sample counts as met. */
const CLOSE = 0.9;
/** Sets of points drawn by chance for a baseline: one in two hundred may do as well. */
const DRAWS = 200;

export const haim2022Reconstruction: PublishedResult = {
  id: ID,
  row: 'A7',
  title: 'Training samples from the parameters of a trained network',
  statement:
    'The KKT conditions at which gradient flow leaves a homogeneous classifier make its parameters a combination of gradients at the ' +
    'samples on the margin. Solved for the samples, they give many of them back, where parameters are many more than unknowns. Observed, not proved.',
  formula: 'min over xᵢ, λᵢ ≥ 0 of ‖θ − Σ λᵢyᵢ∇f(xᵢ)‖²',
  status: 'empirical',
  citation: {
    authors: 'Niv Haim, Gal Vardi, Gilad Yehudai, Ohad Shamir, Michal Irani',
    year: 2022,
    title: 'Reconstructing Training Data from Trained Neural Networks',
    venue: 'Advances in Neural Information Processing Systems 35',
    url: 'https://arxiv.org/abs/2206.07758',
  },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'network' || model.widths.length !== 1 || !isClassification(experiment) || loss.kind === 'cross-entropy')
      return null;
    if (activationSpec(model.activation).kind !== 'relu' || model.bias !== 'none' || model.trainable !== 'all') return null;
    return {
      regularizer: 'parameter-margin-kkt',
      symbol: 'the samples are in the parameters: θ = Σ λᵢyᵢ∇f(xᵢ)',
      conditions: flowConditions(experiment),
      modelNote: 'what it was trained on can be read from it',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = haim2022Reconstruction.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function dataConditions({ data, model }: Situation): Condition[] {
  const unknowns = data.samples * data.features;
  const work = data.samples * model.parameterCount;
  return [
    condition(
      `many more parameters than unknowns: ${MORE} times`,
      model.parameterCount >= MORE * unknowns,
      `${countInWords(model.parameterCount)} parameters, ${data.samples} × ${data.features} = ${unknowns} unknowns`,
    ),
    condition(
      'a network of a size that is searched in seconds',
      work <= LARGEST,
      `${countInWords(work)} of at most ${countInWords(LARGEST)} entries`,
    ),
  ];
}

function examine(situation: Situation, outline: Outline): Examination {
  const conditions = [...outline.conditions, ...dataConditions(situation)];
  const threshold = thresholdOf(situation);
  const applies = conditions.every(({ holds }) => holds === true) && threshold.possible;
  const found = new WeakMap<Trained, Finding>();
  const findingOf = (trained: Trained): Finding => {
    const known = found.get(trained) ?? findSamples(situation, trained.parameters);
    found.set(trained, known);
    return known;
  };
  return {
    prediction: predictionOf(haim2022Reconstruction, outline, [...conditions, threshold.condition], applies),
    withoutReference: true,
    measures: ['loss', 'logLoss', 'parameterMargin', 'errorRate'],
    companions: [],
    settle: (trained) => [...conditions, threshold.after(trained)],
    solve: () => Promise.resolve(null),
    judge: (trained) => threshold.verdictAbove(trained, ID) ?? judge(situation, findingOf(trained)),
    figures: (trained) =>
      threshold.verdictAbove(trained, ID) === null
        ? [cosineFigure(situation, findingOf(trained)), ...planeFigure(situation, findingOf(trained))]
        : [],
  };
}

interface Finding {
  readonly points: Float64Array;
  /** Root of what is left of θ, relatively, at the points found and at the true directions. */
  readonly residual: number;
  /** The largest cosine of each sample with a point found for its label. */
  readonly cosines: readonly number[];
  readonly score: number;
  /** Scores of random directions and of units of the trained network, ascending. */
  readonly random: readonly number[];
  readonly units: readonly number[];
  /** Score of the same search in the network at its start. */
  readonly untrained: number;
}

const weightsOf = ({ data, model }: Situation, theta: Float64Array): TwoLayerWeights => {
  const units = model.parameterCount / (data.features + 1);
  return { inner: theta.subarray(0, units * data.features), outer: theta.subarray(units * data.features), units, features: data.features };
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Match {
  /** Number of the nearest point for the sample's label, null where no such point has a direction. */
  readonly point: number | null;
  readonly cosine: number;
}

/** For each sample the point of its label with the largest cosine; the point l is one for the label of sample l. */
function matchesOf({ x, y, features, samples }: Situation['data'], points: Float64Array): readonly Match[] {
  const row = (of: Float64Array, i: number): Float64Array => of.subarray(i * features, (i + 1) * features);
  return Array.from({ length: samples }, (_, i) => {
    let best: Match = { point: null, cosine: -1 };
    for (let l = 0; l < samples; l++) {
      const sizes = norm2(row(points, l)) * norm2(row(x, i));
      if (y[l] !== y[i] || !(sizes > 0)) continue;
      const cosine = dot(row(points, l), row(x, i)) / sizes;
      if (best.point === null || cosine > best.cosine) best = { point: l, cosine };
    }
    return best;
  });
}

/** For each sample its largest cosine with a point of its label. */
export function cosinesOf(data: Situation['data'], points: Float64Array): readonly number[] {
  return matchesOf(data, points).map(({ cosine }) => cosine);
}

function findSamples(situation: Situation, theta: Float64Array): Finding {
  const { data, start } = situation;
  const { samples, features, y } = data;
  const weights = weightsOf(situation, theta);
  const search = (of: TwoLayerWeights): Reconstruction => reconstruct(of, y, STARTS, randomStream(0, 'reconstruction'));
  const { points, residual } = search(weights);
  const cosines = cosinesOf(data, points);
  const chance = randomStream(0, 'chance');
  const scores = (draw: (i: number) => (c: number) => number): number[] =>
    Array.from({ length: DRAWS }, () => {
      const set = new Float64Array(samples * features);
      for (let i = 0; i < samples; i++) {
        const entry = draw(i);
        for (let c = 0; c < features; c++) set[i * features + c] = entry(c);
      }
      return mean(cosinesOf(data, set));
    }).sort((a, b) => a - b);
  return {
    points,
    residual,
    cosines,
    score: mean(cosines),
    random: scores(() => () => chance.gaussian()),
    units: scores((i) => {
      const j = Math.floor(chance.uniform() * weights.units);
      const sign = y[i] * Math.sign(weights.outer[j]);
      return (c) => sign * weights.inner[j * features + c];
    }),
    untrained: mean(cosinesOf(data, search(weightsOf(situation, start)).points)),
  };
}

function judge({ data }: Situation, { score, cosines, random, units, untrained, residual }: Finding): Verdict {
  const blind = Math.max(random[random.length - 1], untrained);
  const chance = Math.max(blind, units[units.length - 1]);
  const met = cosines.filter((value) => value >= CLOSE).length;
  return {
    result: ID,
    measure: 'mean cosine with the samples, short of 1',
    value: 1 - score,
    tolerance: 1 - chance,
    limit: 'chance',
    outcome: score > chance ? 'agrees' : score > blind ? 'inconclusive' : 'disagrees',
    says:
      `${score > chance || score <= blind ? '' : 'Better than chance, but not than some units of the network as they are. '}The ${data.samples} samples are met with a mean cosine of ${inWords(score)}, ${met} of them above ${CLOSE}. Of ${DRAWS} sets each, random directions ` +
      `come to ${inWords(mean(random))} on average and ${inWords(random[random.length - 1])} at most, units of the network itself to ${inWords(mean(units))} and ` +
      `${inWords(units[units.length - 1])}; the same search in the network at its start comes to ${inWords(untrained)}. ` +
      `The points leave ${inWords(residual)} of ‖θ‖ unexplained. Directions alone are compared.`,
  };
}

function cosineFigure({ data }: Situation, { cosines, score, random, units }: Finding): Figure {
  const at = cosines.map((_, i) => i + 1);
  const level = (name: string, value: number) => ({ name, style: 'line' as const, x: [1, data.samples], y: [value, value] });
  return {
    kind: 'chart',
    id: 'reconstructed-samples',
    title: 'How well each sample is met by what was read from the parameters',
    says: `Mean cosine ${inWords(score)}; random directions come to ${inWords(mean(random))}, units of the network to ${inWords(mean(units))}.`,
    x: { label: 'sample i', scale: 'linear' },
    y: { label: 'largest cosine with a point found', scale: 'linear' },
    series: [
      { name: 'reconstructed', style: 'bars', x: at, y: cosines },
      level('random directions, mean', mean(random)),
      level('units of the network, mean', mean(units)),
    ],
  };
}

/** Samples of two features and what was read from the parameters, as directions on the unit circle, each sample joined to its point. */
function planeFigure({ data }: Situation, { points, cosines, score }: Finding): readonly Figure[] {
  const { x, y, samples, features } = data;
  if (features !== 2) return [];
  const direction = (of: Float64Array, i: number): readonly [number, number] => {
    const size = Math.hypot(of[2 * i], of[2 * i + 1]);
    return [of[2 * i] / size, of[2 * i + 1] / size];
  };
  const drawn = (of: Float64Array, name: string, style: 'points' | 'rings', labels: readonly number[]): FigureSeries => {
    const own = Array.from({ length: samples }, (_, i) => i).filter(
      (i) => labels.includes(y[i]) && (of[2 * i] !== 0 || of[2 * i + 1] !== 0),
    );
    const at = own.map((i) => direction(of, i));
    return { name, style, x: at.map(([a]) => a), y: at.map(([, b]) => b) };
  };
  const joined = matchesOf(data, points).flatMap(({ point }, i) =>
    point === null ? [] : [direction(x, i), direction(points, point), [Number.NaN, Number.NaN] as const],
  );
  return [
    {
      kind: 'chart',
      id: 'reconstructed-directions',
      title: 'The samples and what was read from the parameters, in the plane',
      says:
        `The directions of ${samples} samples on the unit circle, each joined to the nearest direction that was read for its label: ` +
        `${cosines.filter((value) => value >= CLOSE).length} are within ${inWords((Math.acos(CLOSE) * 180) / Math.PI)}°, the mean cosine is ${inWords(score)}.`,
      x: { label: 'x₁/‖x‖', scale: 'linear' },
      y: { label: 'x₂/‖x‖', scale: 'linear' },
      sameUnits: true,
      series: [
        { name: 'sample and nearest', style: 'line', x: joined.map(([a]) => a), y: joined.map(([, b]) => b), pieces: true },
        drawn(x, 'samples, class +1', 'points', [1]),
        drawn(x, 'samples, class −1', 'points', [-1]),
        drawn(points, 'read from the parameters', 'rings', [1, -1]),
      ],
    },
  ];
}
