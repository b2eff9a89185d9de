/**
 * S. Gunasekar, B. Woodworth, S. Bhojanapalli, B. Neyshabur, N. Srebro, Implicit regularization in matrix factorization, NeurIPS 2017,
 * Theorem 1; for more factors S. Arora, N. Cohen, W. Hu, Y. Luo, Implicit regularization in deep matrix factorization, NeurIPS 2019, Theorem 1.
 *
 * Measurements that are symmetric and commute, start αI: the limit for α → 0 has least nuclear norm among the positive semidefinite
 * solutions. For every α > 0 the flow minimises an explicit potential of the eigenvalues (spectral-potential.ts), which is what is compared.
 */
import type { Experiment } from '../experiment/schema';
import { matVec } from '../numerics/dense';
import { dot, norm2 } from '../numerics/vectors';
import type { Condition, Reference, Verdict } from '../protocol/report';
import { minimumPotential } from '../solvers/potential';
import { largestSignedSlack } from '../solvers/signed-solution';
import { CONSISTENT, relativeResidual } from './facts';
import { besideFiniteStep, flowCondition, judgeFlowLimit } from './flow-limit';
import { commonBasis, identityScale, matrixFigures, matrixModel, type CommonBasis } from './matrix-situation';
import { predictionOf } from './prediction';
import type { Outline, PublishedResult, Situation, Trained } from './result';
import { spectralPotential } from './spectral-potential';
import { condition, inWords, superscript } from './wording';

const ID = 'gunasekar-2017-commuting';
/** Rounding of products of matrices of condition up to 10⁶. */
const COMMUTING = 1e-9;
/** Rounding of the linear program, whose coefficients and slack are of order one. */
const SLACK = 1e-9;

export const gunasekar2017Commuting: PublishedResult = {
  id: ID,
  row: 'R7',
  title: 'Matrix factorization with commuting measurements: between entropy and nuclear norm',
  statement:
    'When all measurement matrices are symmetric and commute, gradient flow from W_j = αI stays diagonal in their common basis and reaches ' +
    'the positive definite solution that minimises an explicit potential of the eigenvalues. As α → 0 the potential becomes the trace: ' +
    'the limit has least nuclear norm among all positive semidefinite solutions.',
  formula: 'W(∞) = argmin Σ xᵢ ln(xᵢ/α²) − xᵢ s.t. ⟨A, W⟩ = y,  x the eigenvalues of W ⪰ 0;  α → 0: argmin ‖W‖∗',
  status: 'theorem',
  citation: {
    authors: 'Suriya Gunasekar, Blake Woodworth, Srinadh Bhojanapalli, Behnam Neyshabur, Nathan Srebro',
    year: 2017,
    title: 'Implicit Regularization in Matrix Factorization',
    venue: 'Advances in Neural Information Processing Systems 30',
    locus: 'Theorem 1; any depth: Arora, Cohen, Hu, Luo 2019, Theorem 1',
    url: 'https://arxiv.org/abs/1705.09280',
  },

  outline(experiment) {
    const model = matrixModel(experiment);
    const { data } = experiment;
    if (model === null || model.depth < 2 || !('rows' in data) || data.rows !== data.columns) return null;
    // Of random entries and gaussian measurements the file alone tells that they do not commute.
    if (data.kind === 'completion' || (data.kind === 'sensing' && data.ensemble === 'gaussian')) return null;
    return {
      regularizer: regularizerOf(model.depth),
      symbol: symbolOf(experiment, model.depth),
      conditions: [flowCondition(experiment.optimizer)],
      modelNote: `as α → 0 the trace, for finite α an entropy of the eigenvalues at the scale α${superscript(model.depth)}`,
      optimizerNote: null,
    } satisfies Outline;
  },

  async examine(situation) {
    const outline = gunasekar2017Commuting.outline(situation.experiment);
    const model = matrixModel(situation.experiment);
    if (outline === null || model === null) return null;
    const basis = commonBasis(situation.data, model.symmetric);
    const alpha = identityScale(situation);
    const conditions = [...outline.conditions, startCondition(alpha), commutingCondition(basis)];
    const positive = await positiveCondition(basis, situation);
    if (positive !== null) conditions.push(positive);
    const applies = conditions.every(({ holds }) => holds === true);
    const { formula } = gunasekar2017Commuting;
    return {
      prediction: {
        ...predictionOf(gunasekar2017Commuting, outline, conditions),
        formula: model.depth === 2 ? formula : deepFormula(model.depth),
      },
      measures: ['loss', 'distance', 'nuclearNorm', 'frobeniusNorm', 'effectiveRank', 'singular1', 'singular2', 'singular3', 'singular4'],
      companions: applies ? besideFiniteStep(situation.experiment, situation.stepSize) : [],
      solve: () => Promise.resolve(typeof basis === 'string' || alpha === null ? null : solve(situation, basis, alpha, model.depth)),
      judge: (trained, reference, companions) =>
        insideBasis(
          judgeFlowLimit(ID, trained, reference, companions, situation.experiment, 'the minimiser of the spectral potential'),
          trained,
          reference,
          basis,
        ),
      figures: (trained, reference) => matrixFigures(situation, trained, [reference]),
    };
  },
};

/**
 * The flow stays diagonal in the common basis; what is off the diagonal is rounding, which grows between factors that no measurement holds
 * together while a small α keeps the flow waiting. It acts on the eigenvalues through its square. A distance that is made of both alone
 * speaks of the integration and not of the limit.
 */
function insideBasis(
  verdict: Verdict,
  { predictor }: Trained,
  reference: Reference | null,
  basis: CommonBasis | 'not-symmetric' | 'too-large',
): Verdict {
  const { outcome, value, tolerance } = verdict;
  if (outcome !== 'disagrees' || value === null || tolerance === null || predictor === null) return verdict;
  if (typeof basis === 'string' || reference?.predictor == null) return verdict;
  const predicted = Float64Array.from(reference.predictor);
  const { diagonal, off } = partsIn(
    basis.vectors,
    predictor.map((w, i) => w - predicted[i]),
  );
  const size = norm2(predicted) || 1;
  if (!(off > diagonal) || diagonal / size > Math.max(tolerance, (off / size) ** 2)) return verdict;
  return {
    ...verdict,
    outcome: 'inconclusive',
    says:
      `W is ${inWords(value)} from the minimiser of the spectral potential, ${inWords(off / size)} of it off the diagonal in the common basis, ` +
      `which the flow never leaves: rounding has grown there. Its diagonal is ${inWords(diagonal / size)} away. W = UUᵀ or a larger start keep to the basis.`,
  };
}

/** Norms of the two parts of V M Vᵀ. */
function partsIn(vectors: Float64Array, matrix: Float64Array): { readonly diagonal: number; readonly off: number } {
  const n = Math.sqrt(matrix.length);
  const image = new Float64Array(n);
  const diagonal: number[] = [];
  const off: number[] = [];
  for (let k = 0; k < n; k++) {
    matVec(matrix, n, n, vectors.subarray(k * n, (k + 1) * n), image);
    for (let j = 0; j < n; j++) (j === k ? diagonal : off).push(dot(vectors.subarray(j * n, (j + 1) * n), image));
  }
  return { diagonal: Math.hypot(...diagonal), off: Math.hypot(...off) };
}

function regularizerOf(depth: number): string {
  return depth === 2 ? 'spectral-entropy' : `spectral-power-${depth}`;
}

function symbolOf({ init }: Experiment, depth: number): string {
  const alpha = init.kind === 'identity' ? `, α = ${inWords(init.scale)}` : '';
  return `min ${depth === 2 ? 'spectral entropy' : `Σ x − (${depth}/2) α${depth === 3 ? '' : superscript(depth - 2)} x^(2/${depth})`}${alpha}; α → 0: min ‖W‖∗`;
}

function deepFormula(depth: number): string {
  return (
    `W(∞) = argmin Σ xᵢ − (${depth}/2) α${depth === 3 ? '' : superscript(depth - 2)} xᵢ^(2/${depth}) s.t. ⟨A, W⟩ = y,  ` +
    'x the eigenvalues of W ⪰ 0;  α → 0: argmin ‖W‖∗'
  );
}

function startCondition(alpha: number | null): Condition {
  return condition(
    'every factor starts at αI, α > 0',
    alpha !== null,
    alpha === null ? 'the start is no positive multiple of the identity' : `α = ${inWords(alpha)}`,
  );
}

function commutingCondition(basis: CommonBasis | 'not-symmetric' | 'too-large'): Condition {
  const text = 'measurement matrices are symmetric and commute';
  if (basis === 'too-large') return condition(text, 'unknown', 'there are too many numbers to examine');
  if (basis === 'not-symmetric') return condition(text, false, 'not all are symmetric');
  return condition(
    text,
    basis.defect <= COMMUTING,
    basis.defect <= COMMUTING
      ? `one basis makes all of them diagonal, to ${inWords(basis.defect)}`
      : `in the best basis ${inWords(100 * basis.defect, 2)} % of a matrix is off the diagonal`,
  );
}

/** Eigenvalues start positive and never change their sign; null where there is no common basis to ask in. */
async function positiveCondition(
  basis: CommonBasis | 'not-symmetric' | 'too-large',
  { data, linearPrograms }: Situation,
): Promise<Condition | null> {
  if (typeof basis === 'string' || basis.defect > COMMUTING) return null;
  const text = 'a positive semidefinite solution in the common basis';
  const n = data.matrix?.rows ?? 0;
  if (relativeResidual(basis.weights, data, n) > CONSISTENT) return condition(text, false, 'no matrix has these measurements');
  const slack = largestSignedSlack(basis.weights, data.y, data.samples, n, new Int8Array(n).fill(1), await linearPrograms());
  if (slack < -SLACK) {
    return condition(text, false, 'the eigenvalues stay positive, and a linear program shows that no W ⪰ 0 has these measurements');
  }
  return condition(
    text,
    true,
    slack > SLACK ? 'a linear program finds one that is positive definite' : 'all are singular, and reached in the limit alone',
  );
}

function solve({ data }: Situation, { vectors, weights }: CommonBasis, alpha: number, depth: number): Reference {
  const n = data.matrix?.rows ?? 0;
  const answer = minimumPotential(spectralPotential(depth, alpha, n), weights, data.y, data.samples, n);
  const predictor = new Array<number>(n * n).fill(0);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) predictor[i * n + j] += answer.point[k] * (vectors[k * n + i] * vectors[k * n + j]);
  }
  return {
    id: 'potential',
    title: `Solution of least ${depth === 2 ? 'spectral entropy' : 'spectral potential'}`,
    regularizer: regularizerOf(depth),
    predictor,
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}
