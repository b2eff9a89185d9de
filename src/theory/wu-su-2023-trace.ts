/**
 * L. Wu, W. J. Su, The implicit regularization of dynamical stability in stochastic gradient descent, ICML 2023.
 *
 * A global minimum that is linearly stable for SGD has tr H ≤ 2/η. For batches of one sample: testing 2C − ηD ⪰ 0 on the identity gives
 * η ≤ 2 tr H/mean‖g_i‖⁴ ≤ 2/tr H, as mean‖g_i‖⁴ ≥ (mean‖g_i‖²)² = (tr H)²; with equality throughout when all ‖g_i‖ are equal. It is a statement about
 * batches of one sample. For B ≥ 2 it is false in general: with 20 unit vectors in four dimensions and B = 2 the exact threshold is 3.17 where 2/tr H = 2.
 */
import type { Condition, Verdict } from '../protocol/report';
import type { Experiment } from '../experiment/schema';
import { allowance, averageRatio, tooFewSteps, type Regime } from './linear-regime';
import { regimeResult } from './regime-result';
import type { Situation, Trained } from './result';
import { condition, inWords, stepsInWords } from './wording';

const ID = 'wu-su-2023-trace';

export const wuSu2023Trace = regimeResult({
  id: ID,
  title: 'SGD with batches of one sample: the trace of the Hessian',
  statement:
    'A minimum that fits every sample and is stable in mean square for SGD with batches of one sample has tr H ≤ 2/η, where gradient descent bounds the largest ' +
    'eigenvalue alone. Necessary, not sufficient; false in general for larger batches.',
  formula: 'stable in mean square, B = 1 ⇒ tr H = (1/n) Σ ‖∇f(xᵢ)‖² ≤ 2/η',
  citation: {
    authors: 'Lei Wu, Weijie J. Su',
    year: 2023,
    title: 'The Implicit Regularization of Dynamical Stability in Stochastic Gradient Descent',
    venue: 'International Conference on Machine Learning, PMLR 202',
    url: 'https://arxiv.org/abs/2305.17490',
  },

  regularizer: 'hessian-trace',
  symbol: 'tr H ≤ 2/η',
  optimizerNote: null,
  inInvariantNorm: true,
  fileConditions: (experiment) => [singleCondition(experiment)],
  find: (regime, situation) => ({
    symbol: `tr H ≤ 2/η: ${inWords(2 / regime.bounds.trace)} against ${inWords(2 / regime.stepSize)}`,
    judge: (trained) => judge(trained, situation, regime),
  }),
});

function singleCondition({ optimizer }: Experiment): Condition {
  const size = optimizer.kind === 'sgd' ? optimizer.batchSize : 0;
  return condition('batches of one sample', size === 1, size === 1 ? 'B = 1' : `B = ${size}: there the bound is false in general`);
}

/** The implication has two sides to be seen from: a minimum it excludes must be unstable, a stable one must not be excluded. */
function judge(trained: Trained, situation: Situation, { bounds, stepSize, threshold }: Regime): Verdict {
  const average = averageRatio(trained, situation, 'lawSize', 2);
  const few = tooFewSteps(ID, average);
  if (few !== null) return few;
  const slack = situation.experiment.expect?.tolerance ?? allowance(average, situation);
  const grows = average.mean - slack > 1;
  const falls = average.mean + slack < 1;
  const excluded = stepSize > bounds.trace;
  const base = { result: ID, measure: 'growth of second moments', value: average.mean, tolerance: null };
  const seen =
    `tr H = ${inWords(2 / bounds.trace, 4)}, 2/η = ${inWords(2 / stepSize, 4)}. Over ${stepsInWords(average.count)} of the run second moments are multiplied by ` +
    `${inWords(average.mean, 4)} ± ${inWords(average.error, 2)} on average: `;
  if (excluded) {
    if (grows) return { ...base, outcome: 'agrees', says: `${seen}the bound excludes the minimum, and they grow.` };
    if (falls) return { ...base, outcome: 'disagrees', says: `${seen}the bound excludes the minimum, yet they fall.` };
  } else {
    if (falls) return { ...base, outcome: 'agrees', says: `${seen}they fall, and the bound holds.` };
    if (grows) {
      const says = `${seen}they grow, and the bound allows the minimum: it is necessary, not sufficient (exact threshold η* = ${inWords(threshold, 4)}).`;
      return { ...base, outcome: 'inconclusive', says };
    }
  }
  return { ...base, outcome: 'inconclusive', says: `${seen}too near 1 to tell growth from decay.` };
}
