/**
 * Z. Li, Y. Luo, K. Lyu, Towards resolving the implicit bias of gradient descent for matrix factorization: greedy low-rank learning,
 * ICLR 2021.
 *
 * As the start of W = UUᵀ vanishes, gradient flow follows greedy low-rank learning (solvers/greedy-low-rank.ts). The first phase is
 * a theorem; the later ones hold under assumptions on the points between. On a 4 × 4 completion the outcome is not of least nuclear norm,
 * which refutes the conjecture of Gunasekar et al. 2017.
 */
import type { Figure, Reference } from '../protocol/report';
import type { GreedyAnswer } from '../solvers/greedy-low-rank';
import { flowCondition, matrixFigures, matrixModel } from './matrix-situation';
import { predictionOf } from './prediction';
import type { Outline, PublishedResult, Situation, Trained } from './result';
import {
  distanceTo,
  greedyOf,
  judgeShrinking,
  largerStart,
  simpleCondition,
  smallCondition,
  startSize,
  widthCondition,
} from './small-start';
import { inWords } from './wording';

const ID = 'li-luo-lyu-2021-greedy-low-rank';

export const liLuoLyu2021GreedyLowRank: PublishedResult = {
  id: ID,
  row: 'R9',
  title: 'Matrix factorization from an infinitesimal start: greedy low-rank learning',
  statement:
    'From a vanishing start gradient flow on W = UUᵀ learns one direction after the other: it follows the top eigenvector of −∇f to a point ' +
    'of rank one, rests there, follows the next, and stops at the lowest rank at which it fits. Proved for the first phase; for later ' +
    'phases under assumptions on the points between them. In general this is not the solution of least nuclear norm.',
  formula: 'W₀ = 0;  Uᵣ(0) = [Uᵣ₋₁(∞), √ε u₁(−∇f(Wᵣ₋₁))],  U′ = −∇f(UUᵀ)U,  Wᵣ = Uᵣ(∞)Uᵣ(∞)ᵀ, while λ₁(−∇f(Wᵣ)) > 0',
  status: 'theorem',
  citation: {
    authors: 'Zhiyuan Li, Yuping Luo, Kaifeng Lyu',
    year: 2021,
    title: 'Towards Resolving the Implicit Bias of Gradient Descent for Matrix Factorization: Greedy Low-Rank Learning',
    venue: 'International Conference on Learning Representations',
    url: 'https://arxiv.org/abs/2012.09839',
  },

  outline(experiment) {
    const model = matrixModel(experiment);
    if (model?.symmetric !== true) return null;
    return {
      regularizer: 'greedy-rank',
      symbol: 'greedy low rank: one eigenvector of −∇f after the other',
      conditions: [flowCondition(experiment)],
      modelNote: 'W = UUᵀ: as the start vanishes, rank after rank',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = liLuoLyu2021GreedyLowRank.outline(situation.experiment);
    if (outline === null) return Promise.resolve(null);
    const answer = greedyOf(situation);
    const size = startSize(situation);
    const conditions = [
      ...outline.conditions,
      simpleCondition(answer),
      smallCondition(answer, size),
      widthCondition(answer, situation.model.blocks[0].columns),
    ];
    const applies = conditions.every(({ holds }) => holds === true);
    // What is proved without further assumptions is the first phase.
    const proved = typeof answer === 'string' || answer.phases.length <= 1 ? liLuoLyu2021GreedyLowRank.status : 'conjecture';
    return Promise.resolve({
      prediction: { ...predictionOf(liLuoLyu2021GreedyLowRank, outline, conditions, applies), status: proved },
      measures: ['loss', 'distance', 'nuclearNorm', 'effectiveRank', 'stableRank', 'singular1', 'singular2', 'singular3', 'singular4'],
      companions: applies ? largerStart(situation.experiment) : [],
      solve: () => Promise.resolve(typeof answer === 'string' ? null : referenceOf(answer)),
      judge: (trained, reference, companions) =>
        judgeShrinking(
          { result: ID, measure: 'relative-distance' },
          distanceTo(reference, trained),
          distanceTo(reference, companions[0]),
          answer,
          trained,
          situation.experiment,
          (deviation) => `W is ${deviation} from the end of greedy low-rank learning`,
        ),
      figures: (trained, reference) => [
        ...(typeof answer === 'string' ? [] : [phasesFigure(answer, trained, situation)]),
        ...matrixFigures(situation, trained, [reference]),
      ],
    });
  },
};

export function referenceOf(answer: GreedyAnswer): Reference {
  return {
    id: 'greedy',
    title: `Greedy low-rank learning, rank ${answer.phases.length}`,
    regularizer: 'greedy-rank',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

/** Trace against loss: the run from one end of a phase to the next. */
function phasesFigure({ phases }: GreedyAnswer, { trajectory }: Trained, { experiment, data }: Situation): Figure {
  const trace = trajectory['nuclearNorm'] ?? [];
  const scale = experiment.loss.reduction === 'mean' ? data.samples : 1;
  const loss = (trajectory['loss'] ?? []).map((value) => scale * value);
  const kept = trace.flatMap((_, k) => (loss[k] > 0 ? [k] : []));
  // The last phase may fit exactly: a logarithmic axis ends above it.
  const floor = Math.min(...kept.map((k) => loss[k]));
  return {
    kind: 'chart',
    id: 'phases',
    title: 'The run and the phases of greedy low-rank learning',
    says: phases
      .map(({ rank, eigenvalue, second, loss: left, trace: size }) => {
        return `Phase ${rank}: λ₁ = ${inWords(eigenvalue)}, λ₂ = ${inWords(second)}, ends at trace ${inWords(size, 6)} with f = ${inWords(left)}.`;
      })
      .join(' '),
    x: { label: 'trace of W', scale: 'linear' },
    y: { label: 'f = ½ Σ residual²', scale: 'log' },
    series: [
      { name: 'gradient flow', style: 'line', x: kept.map((k) => trace[k]), y: kept.map((k) => loss[k]) },
      {
        name: 'ends of phases',
        style: 'points',
        x: phases.map(({ trace: size }) => size),
        y: phases.map(({ loss: left }) => Math.max(left, floor)),
      },
    ],
  };
}
