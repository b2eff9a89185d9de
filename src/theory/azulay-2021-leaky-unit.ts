/**
 * S. Azulay et al., ICML 2021, PMLR 139, for x ↦ a φ(w·x) with a leaky ReLU φ(z) = z for z > 0, ρz else, ρ > 0. w − w(0) stays in the row
 * space of X and a² − ‖w‖² is conserved as for a linear unit. φ is invertible, so with the sign of a fixed the zero-loss set is
 * β·x_i = b_i with β = aw, b_i = y_i where y_i has the sign of a and y_i/ρ else: the same problem with other right-hand sides.
 * It holds for every choice of the derivative at the kink. For ρ = 0 no such set, and no such function, exists.
 */
import type { Condition } from '../protocol/report';
import { minimumNorm } from '../solvers/minimum-norm';
import { azulay2021ScaleShape } from './azulay-2021-scale-shape';
import { besideFiniteStep, flowCondition, judgeFlowLimit } from './flow-limit';
import { isOneHiddenUnit, judgeOneUnit, oneUnit, settledSign, signCondition, solveOneUnit, withBeta } from './one-unit';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation } from './result';
import { condition, inWords } from './wording';

const ID = 'azulay-2021-leaky-unit';

export const azulay2021LeakyUnit: PublishedResult = {
  id: ID,
  row: 'R14',
  title: 'One hidden leaky ReLU unit: the exact regularizer',
  statement:
    'Gradient flow on the square loss of x ↦ a φ(w·x), φ a leaky ReLU, reaches, for β = aw, the zero-loss point that minimises an explicit ' +
    'function of the start, provided that the outer weight keeps its sign. With ReLU in its place there is no such function.',
  formula:
    'β(∞) = argmin q(‖β‖) + z·β s.t. β·xᵢ = bᵢ,  bᵢ = yᵢ where a yᵢ ≥ 0, else yᵢ/ρ,  q′(x) = (3/2)√(√(x² + δ²/4) − δ/2),  z = −(3/2) sign(a(0)) w(0)',
  status: 'theorem',
  citation: azulay2021ScaleShape.citation,

  outline(experiment) {
    if (!isOneHiddenUnit(experiment, 'leaky-relu') || experiment.loss.kind !== 'square') return null;
    const slope = slopeOf(experiment.model);
    const { optimizer } = experiment;
    return {
      regularizer: 'one-unit',
      symbol: 'min q(‖β‖) + z·β over the zero-loss set',
      conditions: [
        flowCondition(optimizer),
        condition(
          'slope ρ > 0 for z ≤ 0',
          slope > 0,
          slope > 0 ? `ρ = ${inWords(slope)}` : `ρ = ${inWords(slope)}: φ is not strictly increasing`,
        ),
      ],
      modelNote: 'one leaky unit: an exact regularizer is known',
      optimizerNote: optimizer.kind === 'gradient-descent' ? 'a finite step deviates from the flow by O(η)' : null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = azulay2021LeakyUnit.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** Slope of a leaky ReLU for which the file gives none (models/create-model.ts). */
const DEFAULT_SLOPE = 0.1;

function slopeOf(model: Situation['experiment']['model']): number {
  return model.kind === 'network' && typeof model.activation !== 'string' ? model.activation.slope : DEFAULT_SLOPE;
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, data, stepSize } = situation;
  const start = oneUnit(situation.start);
  const slope = slopeOf(experiment.model);
  const targetsFor = (sign: number): Float64Array => data.y.map((y) => (sign * y >= 0 ? y : y / slope));
  const targets = targetsFor(start.a);
  const { consistent } = minimumNorm(data.x, targets, data.samples, data.features, new Float64Array(data.features));
  const fixed: Condition[] = [
    ...outline.conditions,
    condition(
      'the unit can fit the data',
      consistent,
      consistent ? 'β·xᵢ = bᵢ has a solution' : 'β·xᵢ = bᵢ has no solution with the sign of a(0)',
    ),
  ];
  const conditions = [...fixed, signCondition(start)];
  const applies = conditions.every(({ holds }) => holds !== false);
  return {
    prediction: {
      ...predictionOf(azulay2021LeakyUnit, outline, conditions, applies),
      symbol: `min q(‖β‖) + z·β over the zero-loss set, δ = ${inWords(start.delta)}`,
    },
    measures: ['loss', 'gradientNorm', 'parameterNorm'],
    companions: applies ? besideFiniteStep(experiment, stepSize) : [],
    solve: () =>
      Promise.resolve(
        applies ? solveOneUnit(situation, start, targets, 'Zero-loss point of least R, one leaky unit', outline.regularizer) : null,
      ),
    settle: (trained) => [...fixed, settledSign(start, trained)],
    judge: (trained, reference, companions) =>
      judgeOneUnit(ID, trained, start, situation, targetsFor, (run) =>
        judgeFlowLimit(ID, run, reference, withBeta(companions), experiment, 'the minimiser of R'),
      ),
  };
}
