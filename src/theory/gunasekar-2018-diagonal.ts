/**
 * S. Gunasekar, J. D. Lee, D. Soudry, N. Srebro, Implicit bias of gradient descent on linear convolutional networks, NeurIPS 2018:
 * diagonal networks β = w_1∘…∘w_L turn to a first-order stationary point of min ‖β‖_{2/L} s.t. yᵢ β·xᵢ ≥ 1. Under the directional
 * convergence that they assume; Ji & Telgarsky 2020 proved it, and C. Yun, S. Krishnan, H. Mobahi, A unifying view on implicit bias in
 * training linear neural networks, ICLR 2021, gave starts from which nothing is assumed.
 *
 * Stationary is all: the norm of the parameters over β is L Σ|β_j|^(2/L), so a KKT point in the parameters gives
 * |(Zᵀλ)_j| ∝ |β_j|^(2/L−1) where β_j ≠ 0, and nothing where β_j = 0. For L = 2 the problem is convex and max |(Zᵀλ)_j| ≤ 1 certifies
 * the optimum. Where β_j = 0 is stuck there is no such bound, and other points are stationary than the optimum, as for L ≥ 3 everywhere:
 * for small problems all vertices among them are enumerated and drawn as the levels that the run may come to.
 */
import type { Experiment } from '../experiment/schema';
import { coordinateGroups, groupStationarity, type GroupStationarity } from '../measures/group-stationarity';
import type { Reference, Verdict } from '../protocol/report';
import { stationaryVertices, vertexPairs, type StationaryVertices } from '../solvers/stationary-vertices';
import { thresholdOf } from './below-threshold';
import { flowConditions, isClassification, MARGIN_TOLERANCE, separableCondition } from './homogeneous-limit';
import { largestL1Margin } from './moroshko-2020-l1-margin';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { stationaryLevels } from './stationary-levels';
import { judgeStationary, STATIONARITY_TOLERANCE } from './stationary-limit';
import { inWords } from './wording';

const ID = 'gunasekar-2018-diagonal';

export const gunasekar2018Diagonal: PublishedResult = {
  id: ID,
  row: 'C3',
  title: 'Diagonal network of depth k: a stationary point of the ℓp margin problem, p = 2/k',
  statement:
    'On separable data, gradient flow on a loss with an exponential tail turns the predictor of a diagonal network of depth k to a ' +
    'first-order stationary point of the ℓp margin problem, p = 2/k. Stationary, not optimal: for k = 2 a start with a coordinate that is ' +
    'stuck, for k ≥ 3 many starts, lead to another stationary point than the largest margin.',
  formula: 'β/‖β‖ → stationary point of min Σ|β_j|^(2/k) s.t. yᵢ β·xᵢ ≥ 1:  (Zᵀλ)_j ∝ sgn(β_j)|β_j|^(2/k−1) where β_j ≠ 0, λ ≥ 0',
  status: 'theorem',
  citation: {
    authors: 'Suriya Gunasekar, Jason D. Lee, Daniel Soudry, Nathan Srebro',
    year: 2018,
    title: 'Implicit Bias of Gradient Descent on Linear Convolutional Networks',
    venue: 'Advances in Neural Information Processing Systems 31',
    locus: 'diagonal networks; convergence by Ji and Telgarsky, NeurIPS 2020; see also Yun et al., ICLR 2021',
    url: 'https://arxiv.org/abs/1806.00468',
  },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'diagonal' || !isClassification(experiment) || loss.kind === 'cross-entropy') return null;
    return {
      regularizer: `l${exponentInWords(model.depth)}-stationary`,
      symbol: `stationary point of min ${problemOf(model.depth)}`,
      conditions: flowConditions(experiment),
      modelNote: `depth ${model.depth}: a stationary point of the ${normInWords(model.depth)} margin, not always the largest`,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = gunasekar2018Diagonal.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** 2/k in lowest terms: "1", "2/3", "1/2". */
export function exponentInWords(depth: number): string {
  if (depth === 1) return '2';
  if (depth % 2 === 0) return depth === 2 ? '1' : `1/${depth / 2}`;
  return `2/${depth}`;
}

function normInWords(depth: number): string {
  return depth <= 2 ? `ℓ${exponentInWords(depth)}` : `ℓp`;
}

function problemOf(depth: number): string {
  const power = exponentInWords(depth);
  return `${power === '1' ? '‖β‖₁' : power === '2' ? '‖β‖₂²' : `Σ|β_j|^(${power})`} s.t. yᵢ β·xᵢ ≥ 1`;
}

function depthOf({ model }: Experiment): number {
  return model.kind === 'diagonal' ? model.depth : 2;
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts, data } = situation;
  const depth = depthOf(experiment);
  const p = 2 / depth;
  const threshold = thresholdOf(situation);
  const fixed = [...outline.conditions, separableCondition(facts.separability())];
  const applies = fixed.every(({ holds }) => holds === true) && threshold.possible;
  const z = facts.signedInputs();
  let enumerated: StationaryVertices | null | undefined;
  const vertices = (): StationaryVertices | null =>
    (enumerated ??= depth >= 2 ? stationaryVertices(z, data.samples, facts.width, p) : null);
  return {
    prediction: predictionOf(gunasekar2018Diagonal, outline, [...fixed, threshold.condition], applies),
    measures: ['loss', 'logLoss', 'parameterMargin', 'kktResidual', 'l1Norm', 'l2Norm', 'parameterNorm', 'invariantDrift'],
    companions: [],
    withoutReference: true,
    settle: (trained) => [...fixed, threshold.after(trained)],
    solve: async () => {
      if (!applies) return null;
      if (depth === 2) return largestL1Margin(z, data.samples, facts.width, await situation.linearPrograms(), 'compared');
      return depth >= 3 ? bestVertex(vertices(), depth) : null;
    },
    judge: (trained, reference) =>
      threshold.verdictAbove(trained, ID) ??
      judge(trained, reference, situation, depth, vertices(), experiment.expect?.tolerance ?? STATIONARITY_TOLERANCE),
    figures: (trained) => {
      const all = vertices();
      return all === null ? [] : stationaryLevels(situation, trained.predictor, all, p);
    },
  };
}

/** The global optimum, where all vertices could be looked at. */
function bestVertex(all: StationaryVertices | null, depth: number): Reference | null {
  const best = all?.vertices.at(0);
  if (all === null || best === undefined) return null;
  return {
    id: 'best-vertex',
    title: `Global optimum of min ${problemOf(depth)}, the best of all vertices`,
    regularizer: `l${exponentInWords(depth)}-max-margin`,
    predictor: Array.from(best.point),
    objective: best.objective,
    certificate: {
      kind: 'kkt-residual',
      value: best.residual,
      says:
        `feasible and stationary to ${inWords(best.residual, 2)}; the objective is concave on every orthant, so a vertex is optimal, and all ` +
        `${all.examined} pairs of samples and coordinates that can make one were solved: ${all.vertices.length} are stationary, this is the best`,
    },
    role: 'compared',
  };
}

function judge(
  trained: Trained,
  reference: Reference | null,
  { facts, data }: Situation,
  depth: number,
  all: StationaryVertices | null,
  tolerance: number,
): Verdict {
  const beta = trained.predictor;
  if (beta === null) {
    return { result: ID, measure: null, value: null, tolerance, outcome: 'inconclusive', says: 'There is no predictor to judge.' };
  }
  return judgeStationary(
    {
      result: ID,
      problem: problemOf(depth),
      stationarity: groupStationarity(facts.signedInputs(), data.samples, beta, coordinateGroups(facts.width), 2 / depth),
      tolerance,
      standing: (stationarity) => standingOf(stationarity, reference, depth, all, data.samples, facts.width),
    },
    trained,
  );
}

function standingOf(
  { objective, dualNorm }: GroupStationarity,
  reference: Reference | null,
  depth: number,
  all: StationaryVertices | null,
  samples: number,
  features: number,
): string {
  if (reference === null) {
    return depth === 1
      ? 'the problem is strictly convex, so it is the global optimum'
      : `not certified global: ${vertexPairs(samples, features)} pairs of samples and coordinates are too many to enumerate`;
  }
  // Quasi-norm margins: γ = (Σ|β_j|^p)^(−1/p) at margin 1.
  const ratio = Math.pow(reference.objective / objective, depth / 2);
  const certificate = depth === 2 ? `; max |(Zᵀλ)_j| = ${inWords(dualNorm, 4)}, where an optimum has 1` : '';
  if (1 - ratio <= MARGIN_TOLERANCE) {
    return depth === 2
      ? `its ℓ1 margin is the largest one within ${inWords(Math.max(0, 1 - ratio))}: global optimum, max |(Zᵀλ)_j| = ${inWords(dualNorm, 4)}`
      : `it is the global optimum, the best of ${all?.vertices.length ?? 0} stationary vertices`;
  }
  const place =
    all?.vertices.findIndex((vertex) => Math.abs(Math.pow(vertex.objective / objective, depth / 2) - 1) <= MARGIN_TOLERANCE) ?? -1;
  const where =
    depth === 2
      ? ''
      : place > 0
        ? ` (number ${place + 1} of ${all?.vertices.length ?? 0} stationary vertices)`
        : ' (no vertex: a point on a face, not a local optimum)';
  return `but it is not the global optimum: its ${normInWords(depth)} margin is ${inWords(ratio, 4)} of the largest one${where}${certificate}`;
}
