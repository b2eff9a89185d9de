/**
 * C. Zhang, S. Bengio, M. Hardt, B. Recht, O. Vinyals, Understanding deep learning requires rethinking generalization,
 * ICLR 2017, Section 5 (CACM 64(3), 2021): all updates of a linear model lie in the span of the inputs, so the solution that is
 * reached is the interpolator closest to the start. S. Gunasekar et al., ICML 2018, Section 2 state it for any start.
 */
import type { Experiment } from '../experiment/schema';
import { stabilityThreshold } from '../experiment/stability-threshold';
import { relativeDistance } from '../measures/agreement';
import type { Condition, Reference, Verdict } from '../protocol/report';
import { minimumNorm } from '../solvers/minimum-norm';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'zhang-2017-closest-interpolator';

/** Both sides are exact up to rounding; 10⁻⁸ leaves room for a condition number of 10⁸ of X. */
const TOLERANCE = 1e-8;

export const zhang2017ClosestInterpolator: PublishedResult = {
  id: ID,
  row: 'R1',
  title: 'Linear regression: the interpolator closest to the start',
  statement:
    'Every gradient of a linear model lies in the span of the inputs. Gradient flow, gradient descent and, on data that can be ' +
    'interpolated, SGD therefore converge to the solution that is closest to the start in Euclidean distance; ' +
    'where no interpolator exists, flow and descent reach the closest least-squares solution.',
  formula: 'w(∞) = w(0) + X⁺(y − X w(0)) = argmin ‖w − w(0)‖₂ s.t. Xw = y',
  status: 'theorem',
  citation: {
    authors: 'Chiyuan Zhang, Samy Bengio, Moritz Hardt, Benjamin Recht, Oriol Vinyals',
    year: 2017,
    title: 'Understanding deep learning requires rethinking generalization',
    venue: 'International Conference on Learning Representations',
    locus: 'Section 5',
    url: 'https://openreview.net/forum?id=Sy8gdB9xx',
  },

  outline(experiment) {
    if (experiment.model.kind !== 'linear' || experiment.loss.kind !== 'square') return null;
    const fromZero = experiment.init.kind === 'zero' || ('scale' in experiment.init && experiment.init.scale === 0);
    return {
      regularizer: 'l2-distance',
      symbol: fromZero ? 'min ‖w‖₂ s.t. Xw = y' : 'min ‖w − w(0)‖₂ s.t. Xw = y',
      conditions: fileConditions(experiment),
      modelNote: experiment.model.bias ? 'the bias counts like a weight of a constant feature 1' : null,
      optimizerNote: experiment.optimizer.kind === 'gradient-flow' ? null : 'the limit does not depend on the step size',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = zhang2017ClosestInterpolator.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function fileConditions({ optimizer }: Experiment): Condition[] {
  const text = 'updates in the span of the inputs that settle';
  switch (optimizer.kind) {
    case 'gradient-flow':
      return [condition(text, true, 'gradient flow')];
    case 'gradient-descent':
      return [
        optimizer.normalize === 'none'
          ? condition(text, true, optimizer.momentum > 0 ? `momentum ${optimizer.momentum}, ${optimizer.momentumKind}` : 'gradient descent')
          : condition(text, false, `steps divided by the ${optimizer.normalize} do not shrink at the solution: they never settle`),
      ];
    case 'sgd':
      return [condition(text, true, `batches of ${optimizer.batchSize}`)];
    case 'steepest-descent':
    case 'mirror-descent':
    case 'adam':
      return [condition(text, false, `${optimizer.kind}: its steps leave the span of the inputs`)];
    default:
      return optimizer satisfies never;
  }
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts, stepSize, data, loss } = situation;
  const { optimizer } = experiment;
  const conditions = [...outline.conditions];
  const residual = facts.relativeResidual();
  if (optimizer.kind === 'sgd') {
    conditions.push(
      condition(
        'data can be interpolated (needed by SGD with a constant step)',
        facts.consistent,
        facts.consistent
          ? `rank ${facts.spectrum().rank} of ${data.samples} × ${facts.width}, residual ${inWords(residual)}`
          : `the least-squares residual is ${inWords(residual)} of ‖y‖: the noise of the batches never vanishes`,
      ),
    );
  }
  if (stepSize !== null) {
    const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
    const { largest } = facts.spectrum();
    const threshold = stabilityThreshold(optimizer);
    const bound = (threshold?.factor ?? 2) / (c * largest);
    const name = `step size below ${threshold?.over('λ_max') ?? '2/λ_max'}`;
    if (optimizer.kind === 'sgd') {
      // One sample alone contracts for η‖x_i‖² < 2; the full-batch bound is necessary, this one is sufficient.
      let longest = 0;
      for (let i = 0; i < data.samples; i++) {
        let sum = 0;
        for (let j = 0; j < facts.width; j++) sum += facts.inputs[i * facts.width + j] ** 2;
        longest = Math.max(longest, sum);
      }
      const sufficient = 2 / (longest * (loss.reduction === 'mean' ? 1 : data.samples));
      conditions.push(
        condition(
          'step size contracts on every sample, η‖xᵢ‖² < 2',
          stepSize < sufficient ? true : stepSize >= bound ? false : 'unknown',
          `η = ${inWords(stepSize)}, bound ${inWords(sufficient)}`,
        ),
      );
    } else {
      conditions.push(condition(name, stepSize < bound, `η = ${inWords(stepSize)}, bound ${inWords(bound)}`));
    }
  }
  const applies = conditions.every(({ holds }) => holds === true);
  const symbol = facts.consistent ? outline.symbol : outline.symbol.replace('s.t. Xw = y', 'over the least-squares solutions');

  return {
    prediction: predictionOf(zhang2017ClosestInterpolator, { ...outline, symbol }, conditions, applies),
    measures: ['loss', 'gradientNorm', 'distance', 'l1Norm', 'l2Norm'],
    companions: [],
    solve: () => Promise.resolve(closestReference(situation)),
    judge: (trained, reference) => judgeClosest(trained, reference, situation),
  };
}

export function closestReference({ facts, data, start }: Situation): Reference {
  const answer = minimumNorm(facts.inputs, data.y, data.samples, facts.width, start);
  return {
    id: 'closest',
    title: facts.consistent ? 'Interpolator closest to the start' : 'Least-squares solution closest to the start',
    regularizer: 'l2-distance',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

export function judgeClosest(trained: Trained, reference: Reference | null, { experiment, facts, data, loss }: Situation): Verdict {
  const tolerance = experiment.expect?.tolerance ?? TOLERANCE;
  const base = { result: ID, measure: 'relative-distance', tolerance };
  if (reference?.predictor == null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const predicted = Float64Array.from(reference.predictor);
  const value = relativeDistance(trained.predictor, predicted);
  if (value <= tolerance) {
    return { ...base, outcome: 'agrees', value, says: `w is ${inWords(value)} from the closest solution, within ${inWords(tolerance)}.` };
  }
  // w − w* = H⁺∇ℒ within the span, so the gradient that is left bounds the distance that is left: ‖∇ℒ‖/λ_min⁺.
  const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
  const { smallestPositive } = facts.spectrum();
  let norm = 0;
  for (const p of predicted) norm += p * p;
  const left = trained.gradientNorm / (c * smallestPositive) / (Math.sqrt(norm) || 1);
  if (value <= 1.01 * left) {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      says: `w is ${inWords(value)} from the closest solution; the gradient that is left, ${inWords(trained.gradientNorm)}, allows up to ${inWords(left)}: the run has not converged.`,
    };
  }
  return {
    ...base,
    outcome: 'disagrees',
    value,
    says: `w is ${inWords(value)} from the closest solution, and the gradient that is left explains only ${inWords(left)}.`,
  };
}
