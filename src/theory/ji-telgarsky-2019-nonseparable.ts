/**
 * Z. Ji, M. Telgarsky, The implicit bias of gradient descent on nonseparable data, COLT 2019.
 *
 * Data split in a unique way into a part that can be separated and a part on which the risk is strongly convex (Theorem 1).
 * Where the whole data belongs to the second part, the risk has a minimiser, unique in the span of the data, and gradient
 * descent converges to it (Theorem 2 with an empty separable part); across the span the parameters never move.
 */
import { stabilityThreshold } from '../experiment/stability-threshold';
import { relativeDistance } from '../measures/agreement';
import type { Reference, Verdict } from '../protocol/report';
import { finiteMinimum } from '../solvers/logistic-minimum';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'ji-telgarsky-2019-nonseparable';
/** Both sides solve a smooth, strongly convex problem; a condition number of 10⁶ leaves about 10⁻⁸ of their 10⁻¹³ gradients. */
const TOLERANCE = 1e-7;

export const jiTelgarsky2019Nonseparable: PublishedResult = {
  id: ID,
  row: 'C1',
  title: 'Logistic regression on data that cannot be separated: the finite minimiser',
  statement:
    'Where a positive combination of all yᵢxᵢ vanishes, the loss attains its minimum at a finite point, unique in the span of the ' +
    'data. Gradient descent converges to that point, plus the part of the start that is orthogonal to the data; no direction is selected.',
  formula: 'w(∞) = argmin Σ ℓ(yᵢ w·xᵢ) over w ∈ w(0) + span{xᵢ}',
  status: 'theorem',
  citation: {
    authors: 'Ziwei Ji, Matus Telgarsky',
    year: 2019,
    title: 'The implicit bias of gradient descent on nonseparable data',
    venue: 'Conference on Learning Theory, PMLR 99',
    locus: 'Theorems 1 and 2',
    url: 'https://proceedings.mlr.press/v99/ji19a.html',
  },

  // Whether data is separable cannot be seen from the file: the lens speaks of it only once the data is known.
  outline: () => null,

  async examine(situation) {
    const { experiment, facts, loss, stepSize } = situation;
    if (experiment.model.kind !== 'linear') return null;
    if (experiment.loss.kind !== 'logistic' && experiment.loss.kind !== 'exponential') return null;
    const separation = facts.separability();
    if (separation.separable !== false) return null;
    const { optimizer } = experiment;
    const plain = optimizer.kind === 'gradient-flow' || (optimizer.kind === 'gradient-descent' && optimizer.normalize === 'none');
    const conditions = [
      condition(
        'no direction separates any part of the data',
        separation.strictly,
        separation.strictly
          ? 'a combination of all yᵢxᵢ with positive weights vanishes'
          : 'only some samples take part in a vanishing combination: the others can be separated further and further, and no finite minimiser exists',
      ),
      condition(
        'gradient flow or full-batch gradient descent',
        plain,
        optimizer.kind === 'sgd'
          ? 'mini-batches keep the parameters moving'
          : plain
            ? optimizer.kind
            : optimizer.kind === 'gradient-descent'
              ? 'normalised steps do not settle'
              : optimizer.kind,
      ),
    ];
    if (stepSize !== null && Number.isFinite(loss.smoothness)) {
      const c = loss.reduction === 'mean' ? 1 / situation.data.samples : 1;
      const bound = (stabilityThreshold(optimizer)?.factor ?? 2) / (loss.smoothness * c * facts.spectrum().largest);
      conditions.push(condition('step size below 2/(β σ²_max)', stepSize < bound, `η = ${inWords(stepSize)}, bound ${inWords(bound)}`));
    }
    const applies = conditions.every(({ holds }) => holds === true);
    const outline: Pick<Outline, 'regularizer' | 'symbol'> = { regularizer: 'finite-minimum', symbol: 'the finite minimiser of the loss' };
    return Promise.resolve({
      prediction: predictionOf(jiTelgarsky2019Nonseparable, outline, conditions, applies),
      measures: ['loss', 'logLoss', 'gradientNorm', 'distance', 'margin', 'l1Norm', 'l2Norm'],
      companions: [],
      solve: () => Promise.resolve(applies ? solve(situation) : null),
      judge: (trained, reference) => judge(trained, reference, experiment.expect?.tolerance ?? TOLERANCE),
    } satisfies Examination);
  },
};

function solve({ experiment, facts, data, start }: Situation): Reference {
  const kind = experiment.loss.kind === 'exponential' ? 'exponential' : 'logistic';
  const answer = finiteMinimum(facts.signedInputs(), data.samples, facts.width, kind, start);
  return {
    id: 'finite-minimum',
    title: 'Minimiser of the training loss',
    regularizer: 'finite-minimum',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

function judge(trained: Trained, reference: Reference | null, tolerance: number): Verdict {
  const base = { result: ID, measure: 'relative-distance', tolerance };
  if (reference?.predictor == null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const value = relativeDistance(trained.predictor, Float64Array.from(reference.predictor));
  if (value <= tolerance) {
    return {
      ...base,
      outcome: 'agrees',
      value,
      says: `w is ${inWords(value)} from the finite minimiser, within ${inWords(tolerance)}; the data is not separable and no direction is selected.`,
    };
  }
  if (trained.outcome !== 'converged') {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      says: `w is ${inWords(value)} from the finite minimiser, but the run ended before its gradient vanished.`,
    };
  }
  return { ...base, outcome: 'disagrees', value, says: `w came to rest ${inWords(value)} away from the finite minimiser.` };
}
