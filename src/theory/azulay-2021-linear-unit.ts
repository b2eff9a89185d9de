/**
 * S. Azulay, E. Moroshko, M. Shpigel Nacson, B. Woodworth, N. Srebro, A. Globerson, D. Soudry, ICML 2021, PMLR 139:
 * a fully-connected network with one linear hidden unit, x ↦ a w·x, from any start whose outer weight keeps its sign.
 * Several units that are not balanced have no known expression of this kind.
 */
import type { Condition } from '../protocol/report';
import { azulay2021ScaleShape } from './azulay-2021-scale-shape';
import { besideFiniteStep, flowCondition, judgeFlowLimit } from './flow-limit';
import { interpolationCondition } from './interpolation';
import { judgeOneUnit, oneUnit, settledSign, signCondition, solveOneUnit, withBeta } from './one-unit';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation } from './result';
import { inWords } from './wording';

const ID = 'azulay-2021-linear-unit';

export const azulay2021LinearUnit: PublishedResult = {
  id: ID,
  row: 'R6',
  title: 'One linear hidden unit: the exact regularizer at finite scale and shape',
  statement:
    'Gradient flow on the square loss of x ↦ a w·x reaches, for β = aw, the interpolator that minimises an explicit function of the start, ' +
    'provided that the outer weight keeps its sign: close to the least ℓ2 norm for a small start, to the closest point to β(0) for a large outer weight.',
  formula: 'β(∞) = argmin q(‖β‖) + z·β s.t. Xβ = y,  q′(x) = (3/2)√(√(x² + δ²/4) − δ/2),  z = −(3/2) sign(a(0)) w(0),  δ = a(0)² − ‖w(0)‖²',
  status: 'theorem',
  citation: azulay2021ScaleShape.citation,

  outline({ model, loss, optimizer }) {
    if (model.kind !== 'linear-network' || model.widths.length !== 1 || model.widths[0] !== 1 || loss.kind !== 'square') return null;
    return {
      regularizer: 'one-unit',
      symbol: 'min q(‖β‖) + z·β, by scale and shape of the start',
      conditions: [flowCondition(optimizer)],
      modelNote: 'one hidden unit: an exact regularizer is known; for several that are not balanced none is',
      optimizerNote: optimizer.kind === 'gradient-descent' ? 'a finite step deviates from the flow by O(η)' : null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = azulay2021LinearUnit.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts, data, stepSize } = situation;
  const start = oneUnit(situation.start);
  const fixed: Condition[] = [...outline.conditions, interpolationCondition(facts, 'β')];
  const conditions = [...fixed, signCondition(start)];
  const applies = conditions.every(({ holds }) => holds !== false);
  return {
    prediction: predictionOf(
      azulay2021LinearUnit,
      { ...outline, symbol: `min q(‖β‖) + z·β, δ = ${inWords(start.delta)}` },
      conditions,
      applies,
    ),
    measures: ['loss', 'gradientNorm', 'distance', 'l2Norm', 'balanceDrift'],
    companions: applies ? besideFiniteStep(experiment, stepSize) : [],
    solve: () =>
      Promise.resolve(
        applies ? solveOneUnit(situation, start, data.y, 'Interpolator of least R, one linear unit', outline.regularizer) : null,
      ),
    settle: (trained) => [...fixed, settledSign(start, trained)],
    judge: (trained, reference, companions) =>
      judgeOneUnit(
        ID,
        trained,
        start,
        situation,
        () => data.y,
        (run) => judgeFlowLimit(ID, run, reference, withBeta(companions), experiment, 'the minimiser of R'),
      ),
  };
}
