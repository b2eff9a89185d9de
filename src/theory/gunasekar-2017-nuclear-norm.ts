/**
 * S. Gunasekar, B. Woodworth, S. Bhojanapalli, B. Neyshabur, N. Srebro, Implicit regularization in matrix factorization, NeurIPS 2017:
 * the conjecture that gradient flow on W = UUᵀ from a vanishing full-rank start reaches the positive semidefinite solution of least
 * nuclear norm. Refuted by Z. Li, Y. Luo, K. Lyu, ICLR 2021. Whether it is right on the data at hand is decided by comparing the outcome of
 * greedy low-rank learning, which the flow does follow, with the least nuclear norm.
 */
import { nuclearNorm } from '../measures/matrix';
import { svd } from '../numerics/svd';
import type { Condition, Reference } from '../protocol/report';
import type { Answer } from '../solvers/reference-problem';
import { SolverError } from '../solvers/reference-problem';
import { minimumNuclearNorm } from '../solvers/nuclear-norm';
import type { GreedyAnswer } from '../solvers/greedy-low-rank';
import { flowCondition, matrixFigures, matrixModel } from './matrix-situation';
import { predictionOf } from './prediction';
import type { Outline, PublishedResult, Situation, Trained } from './result';
import { greedyOf, judgeShrinking, largerStart, simpleCondition, smallCondition, startSize } from './small-start';
import { condition, inWords } from './wording';

const ID = 'gunasekar-2017-nuclear-norm';
/** Both traces are certified to far less. */
const SAME_NORM = 1e-7;

export const gunasekar2017NuclearNorm: PublishedResult = {
  id: ID,
  row: 'R7',
  title: 'Matrix factorization: the conjecture of least nuclear norm',
  statement:
    'It was conjectured that gradient flow on W = UUᵀ from a vanishing full-rank start reaches the positive semidefinite solution of ' +
    'least nuclear norm. It is proved for commuting measurements and under restricted isometry, and refuted in general: on a 4 × 4 ' +
    'completion the flow prefers rank 1 to the least nuclear norm (Li, Luo, Lyu 2021).',
  formula: 'W(∞) = argmin tr W s.t. W ⪰ 0, ⟨A, W⟩ = y   (false in general)',
  status: 'refuted',
  citation: {
    authors: 'Suriya Gunasekar, Blake Woodworth, Srinadh Bhojanapalli, Behnam Neyshabur, Nathan Srebro',
    year: 2017,
    title: 'Implicit Regularization in Matrix Factorization',
    venue: 'Advances in Neural Information Processing Systems 30',
    locus: 'Conjecture; refuted in Li, Luo, Lyu, ICLR 2021 (arXiv:2012.09839)',
    url: 'https://arxiv.org/abs/1705.09280',
  },

  outline(experiment) {
    const model = matrixModel(experiment);
    if (model?.symmetric !== true) return null;
    return {
      regularizer: 'nuclear',
      symbol: 'min ‖W‖∗ (refuted in general)',
      conditions: [flowCondition(experiment)],
      modelNote: null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const { experiment, data, model } = situation;
    const outline = gunasekar2017NuclearNorm.outline(experiment);
    if (outline === null) return Promise.resolve(null);
    const greedy = greedyOf(situation);
    const size = startSize(situation);
    const least = typeof greedy === 'string' ? null : leastTrace(data);
    const [{ rows, columns }] = model.blocks;
    const conditions = [
      ...outline.conditions,
      condition('U is of full width', columns >= rows, `width ${columns} of ${rows}`),
      simpleCondition(greedy),
      smallCondition(greedy, size),
      sameNorm(greedy, least),
    ];
    const applies = conditions.every(({ holds }) => holds === true);
    return Promise.resolve({
      prediction: predictionOf(gunasekar2017NuclearNorm, outline, conditions, applies),
      measures: ['loss', 'distance', 'nuclearNorm', 'effectiveRank', 'stableRank', 'singular1', 'singular2', 'singular3', 'singular4'],
      companions: applies ? largerStart(experiment) : [],
      solve: () => Promise.resolve(least === null ? null : referenceOf(least)),
      judge: (trained, reference, companions) =>
        judgeShrinking(
          { result: ID, measure: 'relative-excess-of-nuclear-norm' },
          excess(reference, trained, situation),
          excess(reference, companions[0], situation),
          greedy,
          trained,
          experiment,
          (deviation) => `The nuclear norm differs by ${deviation} from the least, ${inWords(reference?.objective ?? Number.NaN, 6)}`,
        ),
      figures: (trained, reference) => matrixFigures(situation, trained, [reference]),
    });
  },
};

function leastTrace(data: Parameters<typeof minimumNuclearNorm>[0]): Answer | null {
  try {
    return minimumNuclearNorm(data, { psd: true });
  } catch (error) {
    if (error instanceof SolverError) return null;
    throw error;
  }
}

function sameNorm(greedy: GreedyAnswer | string, least: Answer | null): Condition {
  const text = 'greedy low-rank learning, which the flow follows, ends at the least nuclear norm';
  if (typeof greedy === 'string') return condition(text, 'unknown', greedy);
  if (least === null) return condition(text, 'unknown', 'no positive semidefinite solution was found');
  const same = Math.abs(greedy.objective - least.objective) <= SAME_NORM * least.objective;
  return condition(
    text,
    same,
    same
      ? `both have nuclear norm ${inWords(least.objective, 6)}`
      : `it ends at nuclear norm ${inWords(greedy.objective, 6)}, the least is ${inWords(least.objective, 6)}`,
  );
}

function referenceOf(answer: Answer): Reference {
  return {
    id: 'nuclear-norm',
    title: 'Positive semidefinite solution of least nuclear norm',
    regularizer: 'nuclear',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

/** The solution of least norm need not be unique: it is the norm that is compared, of a matrix that fits. */
function excess(reference: Reference | null, trained: Trained | undefined, { experiment, data }: Situation): number | null {
  if (reference === null || trained?.predictor == null) return null;
  const norm = nuclearNorm(svd(trained.predictor, data.matrix?.rows ?? 1, data.matrix?.columns ?? data.features).s);
  const summed = trained.loss * (experiment.loss.reduction === 'mean' ? data.samples : 1);
  const misfit = Math.sqrt((2 * summed) / data.y.reduce((sum, y) => sum + y * y, 0));
  return Math.max(Math.abs(norm / reference.objective - 1), misfit);
}
