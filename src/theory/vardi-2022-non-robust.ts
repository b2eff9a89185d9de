/**
 * G. Vardi, G. Yehudai, O. Shamir, Gradient methods provably converge to non-robust networks, NeurIPS 2022: k nearly orthogonal samples of
 * length √d, both labels a constant share c of them. Every two-layer ReLU network at a KKT point of the margin problem, where gradient
 * flow on the logistic or exponential loss ends, is flipped on all samples by one direction,
 *
 *     xᵢ → xᵢ − yᵢ z,   z = η Σ yᵢxᵢ,   ‖z‖ = O(√(d/(c²k))),
 *
 * though robust networks exist. The constant, for orthogonal samples and no bias (our own, of two lines): a unit with v_j < 0 at a KKT
 * point is w_j = |v_j| Σ λ_l x_l over negative samples l that it is active on, so it vanishes on a positive xᵢ, and at xᵢ − z is
 * η|v_j| Σ λ_l d. As every negative sample has margin d λ_l Σ_j v_j² = 1, all these units together give −η|I₋|; the others gave 1 and
 * give no more. So the label is flipped once η > 1/|I₋|, and likewise for negative samples: η ≤ 1/(ck), ‖z‖ = η√(kd) ≤ √(d/k)/c.
 */
import { isKktComputable, kktResidual } from '../measures/kkt';
import { activationSpec } from '../models/create-model';
import { randomStream } from '../numerics/random';
import { dot, norm2 } from '../numerics/vectors';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { thresholdOf } from './below-threshold';
import { flowConditions, isClassification } from './homogeneous-limit';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';

const ID = 'vardi-2022-non-robust';

/** A network this far from a KKT point, relatively, is none of those that the theorem is about. */
const STATIONARY = 0.1;
/** Radii that are tried, up to the length of a sample. */
const RADII = 80;
/** Random directions, at this many times the radius that flips all labels along Σ yᵢxᵢ. */
const DIRECTIONS = 100;
const FARTHER = 2;
/** Share of labels that they may flip: the direction, not the distance, has to be what flips. */
const FEW = 0.05;

export const vardi2022NonRobust: PublishedResult = {
  id: ID,
  row: 'A6',
  title: 'Networks that one small direction flips on all samples',
  statement:
    'On nearly orthogonal samples a two-layer ReLU network that gradient flow takes to a KKT point of the margin problem is not robust: one ' +
    'direction, Σ yᵢxᵢ, flips the labels of all samples at a distance far below their length, though robust networks exist.',
  formula: 'sign f(xᵢ − yᵢz) = −yᵢ for all i,  z ∝ Σ yᵢxᵢ,  ‖z‖ = O(√(d/(c²k))) ≪ ‖xᵢ‖ = √d',
  status: 'theorem',
  citation: {
    authors: 'Gal Vardi, Gilad Yehudai, Ohad Shamir',
    year: 2022,
    title: 'Gradient Methods Provably Converge to Non-Robust Networks',
    venue: 'Advances in Neural Information Processing Systems 35',
    url: 'https://arxiv.org/abs/2202.04347',
  },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'network' || model.widths.length !== 1 || !isClassification(experiment) || loss.kind === 'cross-entropy')
      return null;
    if (activationSpec(model.activation).kind !== 'relu' || model.bias === 'all' || model.trainable !== 'all') return null;
    return {
      regularizer: 'parameter-margin-kkt',
      symbol: 'all labels flip along Σ yᵢxᵢ at ‖z‖ = O(√(d/k))',
      conditions: flowConditions(experiment),
      modelNote: 'not robust where the samples are nearly orthogonal',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = vardi2022NonRobust.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

interface Geometry {
  /** Mean length of the samples. */
  readonly length: number;
  /** Largest relative difference of a length from it. */
  readonly spread: number;
  /** max |⟨xᵢ, xⱼ⟩|, i ≠ j, of the samples scaled to the length √d. */
  readonly largest: number;
  /** Share of the rarer label. */
  readonly share: number;
}

function geometryOf({ data }: Situation): Geometry {
  const { x, y, samples, features } = data;
  const rows = Array.from({ length: samples }, (_, i) => x.subarray(i * features, (i + 1) * features));
  const lengths = rows.map(norm2);
  const length = lengths.reduce((a, b) => a + b, 0) / samples;
  const spread = lengths.reduce((most, value) => Math.max(most, Math.abs(value / length - 1)), 0);
  let largest = 0;
  for (let i = 0; i < samples; i++) {
    for (let k = 0; k < i; k++) largest = Math.max(largest, (features * Math.abs(dot(rows[i], rows[k]))) / (lengths[i] * lengths[k] || 1));
  }
  const positive = y.reduce((count, label) => count + (label > 0 ? 1 : 0), 0);
  return { length, spread, largest, share: Math.min(positive, samples - positive) / samples };
}

function dataConditions({ data, experiment }: Situation, { length, spread, largest, share }: Geometry): Condition[] {
  const { samples: k, features: d } = data;
  const biased = experiment.model.kind === 'network' && experiment.model.bias !== 'none';
  const root = Math.sqrt(d);
  // Without a bias the scale of the inputs is that of the weights.
  const right = spread <= 1e-6 && (!biased || Math.abs(length / root - 1) <= 1e-6);
  return [
    condition(
      biased ? 'samples of length √d' : 'samples of one length',
      right,
      spread > 1e-6
        ? `lengths differ by ${inWords(spread)}, relatively`
        : `length ${inWords(length)}${biased ? `, √d = ${inWords(root)}` : ''}`,
    ),
    condition('both labels', share > 0, `the rarer one has a share of c = ${inWords(share)}`),
    condition(
      'nearly orthogonal: k ≤ d/(1 + max |⟨xᵢ, xⱼ⟩|) at length √d',
      k * (1 + largest) <= d,
      `k = ${k}, d/(1 + max |⟨xᵢ, xⱼ⟩|) = ${d}/(1 + ${inWords(largest)}) = ${inWords(d / (1 + largest))}; the theorem's own constants are not checked`,
    ),
  ];
}

/** ‖z‖ by which all labels are to flip. */
function radiusBound({ data }: Situation, { length, largest, share }: Geometry): number {
  const { samples: k, features: d } = data;
  // What the other samples add to each inner product, relative to its own.
  const cross = (k * largest) / d;
  return cross < 1 ? ((length / (share * Math.sqrt(k))) * (1 + cross)) / (1 - cross) : Infinity;
}

function examine(situation: Situation, outline: Outline): Examination {
  const geometry = geometryOf(situation);
  const bound = radiusBound(situation, geometry);
  const conditions = [
    ...outline.conditions,
    ...dataConditions(situation, geometry),
    condition(
      'enough samples for the bound to be below their length',
      bound < geometry.length,
      `‖z‖ ≤ ${inWords(bound)}, ‖x‖ = ${inWords(geometry.length)}`,
    ),
  ];
  const threshold = thresholdOf(situation);
  const applies = conditions.every(({ holds }) => holds === true) && threshold.possible;
  const attacks = new WeakMap<Trained, Attack>();
  const attackOn = (trained: Trained): Attack => {
    const known = attacks.get(trained) ?? attack(situation, trained.parameters, geometry.length);
    attacks.set(trained, known);
    return known;
  };
  return {
    prediction: predictionOf(vardi2022NonRobust, outline, [...conditions, threshold.condition], applies),
    withoutReference: true,
    measures: ['loss', 'logLoss', 'parameterMargin', 'errorRate'],
    companions: [],
    settle: (trained) => [...conditions, threshold.after(trained)],
    solve: () => Promise.resolve(null),
    judge: (trained) => threshold.verdictAbove(trained, ID) ?? judge(situation, geometry, trained, attackOn(trained), bound),
    figures: (trained) => [flipFigure(attackOn(trained), geometry, bound)],
  };
}

export interface Attack {
  readonly radii: readonly number[];
  /** Share of labels on the wrong side, at each radius: along Σ yᵢxᵢ, and along random directions (the mean). */
  readonly universal: readonly number[];
  readonly random: readonly number[];
  /** The least radius at which all labels are flipped along Σ yᵢxᵢ; Infinity where none is found up to the length of a sample. */
  readonly radius: number;
  /** Share flipped by random directions at `FARTHER` times that radius. */
  readonly randomShare: number;
}

/** @param length of the samples, the largest radius that is tried */
export function attack({ model, data }: Situation, theta: Float64Array, length: number): Attack {
  const { x, y, samples, features } = data;
  const direction = new Float64Array(features);
  for (let i = 0; i < samples; i++) for (let j = 0; j < features; j++) direction[j] += y[i] * x[i * features + j];
  const outputs = new Float64Array(samples);
  /** Share of labels on the wrong side at xᵢ − yᵢ r u/‖u‖. */
  const flipped = (u: Float64Array, r: number): number => {
    const size = r / norm2(u);
    // A model may keep what it has worked out of its inputs: these are new ones each time.
    const moved = new Float64Array(x.length);
    for (let i = 0; i < samples; i++) for (let j = 0; j < features; j++) moved[i * features + j] = x[i * features + j] - y[i] * size * u[j];
    model.outputsOn(theta, moved, samples, outputs);
    return outputs.reduce((count, value, i) => count + (y[i] * value < 0 ? 1 : 0), 0) / samples;
  };
  const random = randomStream(0, 'directions');
  const directions = Array.from({ length: DIRECTIONS }, () => Float64Array.from({ length: features }, () => random.gaussian()));
  const byChance = (r: number, some: readonly Float64Array[]): number => some.reduce((sum, u) => sum + flipped(u, r), 0) / some.length;
  const radii = Array.from({ length: RADII }, (_, k) => ((k + 1) * length) / RADII);
  const universal = radii.map((r) => flipped(direction, r));
  const first = universal.findIndex((share) => share === 1);
  let radius = Infinity;
  if (first >= 0) {
    let low = first === 0 ? 0 : radii[first - 1];
    radius = radii[first];
    for (let step = 0; step < 20; step++) {
      const middle = (low + radius) / 2;
      if (flipped(direction, middle) === 1) radius = middle;
      else low = middle;
    }
  }
  return {
    radii,
    universal,
    random: radii.map((r) => byChance(r, directions.slice(0, DIRECTIONS / 10))),
    radius,
    randomShare: first < 0 ? Number.NaN : byChance(FARTHER * radius, directions),
  };
}

function judge(situation: Situation, geometry: Geometry, trained: Trained, found: Attack, bound: number): Verdict {
  const { model, data } = situation;
  const base = { result: ID, measure: 'radius that flips all labels', value: found.radius, tolerance: bound, limit: 'bound' } as const;
  const residual = isKktComputable(model, data.y) ? kktResidual(model, data.y, data.x, trained.parameters) : null;
  const stationary = residual === null ? Number.NaN : Math.hypot(residual.stationarity, residual.slackness);
  if (!(stationary <= STATIONARY)) {
    return {
      ...base,
      outcome: 'inconclusive',
      says: `The network is not known to be near a KKT point (relative residual ${inWords(stationary)}, at most ${STATIONARY}): a lower stop.logLoss goes on.`,
    };
  }
  const relative = (radius: number): string => `${inWords(radius)} = ${inWords(radius / geometry.length)} ‖x‖`;
  const where = `KKT residual ${inWords(stationary)}`;
  if (found.radius > bound) {
    const until = Number.isFinite(found.radius) ? `at ‖z‖ = ${relative(found.radius)} only` : 'at no distance up to the length of a sample';
    return { ...base, outcome: 'disagrees', says: `Along Σ yᵢxᵢ all labels flip ${until}, predicted by ${relative(bound)}; ${where}.` };
  }
  const chance = `${DIRECTIONS} random directions at ${FARTHER} times that distance flip ${inWords(100 * found.randomShare, 2)} % of the labels`;
  if (found.randomShare > FEW) {
    return {
      ...base,
      outcome: 'disagrees',
      says: `All labels flip at ‖z‖ = ${relative(found.radius)} along Σ yᵢxᵢ, but ${chance}: the direction is nothing special; ${where}.`,
    };
  }
  return {
    ...base,
    outcome: 'agrees',
    says:
      `All ${data.samples} labels flip along Σ yᵢxᵢ at ‖z‖ = ${relative(found.radius)}, predicted by ${relative(bound)}, ` +
      `${inWords((found.radius / geometry.length) * Math.sqrt(data.samples))}/√k of it; ${chance}; ${where}.`,
  };
}

function flipFigure(found: Attack, { length }: Geometry, bound: number): Figure {
  const radii = found.radii.map((r) => r / length);
  return {
    kind: 'chart',
    id: 'flipped-labels',
    title: 'Labels that a perturbation flips',
    says: Number.isFinite(found.radius)
      ? `Along Σ yᵢxᵢ all labels are flipped at ${inWords(found.radius / length)} of the length of a sample; random directions flip ${inWords(100 * found.randomShare, 2)} % at ${FARTHER} times that distance.`
      : 'Along Σ yᵢxᵢ not all labels are flipped at any distance up to the length of a sample.',
    x: { label: '‖z‖ / ‖x‖', scale: 'linear' },
    y: { label: 'share of labels flipped', scale: 'linear' },
    series: [
      { name: 'along Σ yᵢxᵢ', style: 'line', x: radii, y: found.universal },
      { name: 'random directions', style: 'line', x: radii, y: found.random },
      ...(bound <= length ? [{ name: 'predicted bound', style: 'line' as const, x: [bound / length, bound / length], y: [0, 1] }] : []),
    ],
  };
}
