/**
 * L. Wu, C. Ma, W. E, How SGD selects the global minima in over-parameterized learning: a dynamical stability perspective, NeurIPS 2018:
 * a minimum at which a descent can stay is one whose sharpness its steps can bear, λ_max(∇²ℒ) ≤ 2/η for gradient descent. The thresholds
 * with momentum are those of J. Cohen et al., ICLR 2021.
 *
 * Beyond the threshold the linearised iteration has an eigenvalue outside the unit circle, so the starts from which a run converges there have
 * measure zero (stable-manifold theorem, where I − η∇²ℒ is invertible). Nothing is said of the way to the limit, and nothing of a run that starts
 * at a minimum and never moves.
 *
 * Adam at a minimum: v is of second order in the deviation, so √v̂ of first, and m/(√v̂ + ε) is m/ε but for terms of second order. Its linear iteration is that of
 * the mean of gradients with the step η/ε, stable for λ_max(∇²ℒ) ≤ κε/η (J. Cohen et al., arXiv:2207.14484, has the threshold for a given preconditioner).
 */
import { stabilityThreshold } from '../experiment/stability-threshold';
import { norm2 } from '../numerics/vectors';
import type { Citation, Verdict } from '../protocol/report';
import { predictionOf } from './prediction';
import { exceptedStart } from './push';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { asksForSharpness, ratiosOf } from './sharpness-record';
import { condition, inWords } from './wording';

const ID = 'wu-2018-stable-minima';

/**
 * A run that hugs the threshold comes to it from both sides by what is left of the loss; the sharpness itself is known to the square of a
 * residual of 10⁻³.
 */
const TOLERANCE = 1e-3;
/** Of Adam: √v̂ beside ε, by what it changes the sharpness in the metric of the steps. */
const NEAR_EPSILON = 0.01;
/** The gradient is gone, relative to the start. */
const SETTLED = 1e-6;

export const WU_MA_E_2018: Citation = {
  authors: 'Lei Wu, Chao Ma, Weinan E',
  year: 2018,
  title: 'How SGD Selects the Global Minima in Over-parameterized Learning: A Dynamical Stability Perspective',
  venue: 'Advances in Neural Information Processing Systems 31',
  url: 'https://proceedings.neurips.cc/paper/2018/hash/6651526b6fb8f29a00507de6a49ce30f-Abstract.html',
};

export const wu2018StableMinima: PublishedResult = {
  id: ID,
  row: 'S1',
  title: 'Where a descent can end: minima no sharper than its steps can bear',
  statement:
    'A minimum to which gradient descent with step size η converges has a largest Hessian eigenvalue of at most 2/η: sharper ones are unstable, ' +
    'and only a set of starts of measure zero ends there. With momentum the threshold is that of its linear iteration; with Adam, whose steps at a minimum are over ε, ε times it.',
  formula: 'λ_max(∇²ℒ(θ∞)) ≤ κ/η,  κ = 2, 2(1 + β), 2(1 + β)/(1 + 2β), 2(1 + β)/(1 − β)',
  status: 'theorem',
  citation: WU_MA_E_2018,

  outline(experiment) {
    const { optimizer, loss } = experiment;
    const threshold = optimizer.kind === 'gradient-descent' || optimizer.kind === 'adam' ? stabilityThreshold(optimizer) : null;
    if (threshold === null || !asksForSharpness(experiment, ID)) return null;
    const bounded = loss.kind === 'square' || loss.kind === 'squared-hinge';
    const most = optimizer.kind === 'adam' ? `ε · ${threshold.over('η')}` : threshold.over('η');
    return {
      regularizer: 'sharpness',
      symbol: `λ_max(∇²ℒ(θ∞)) ≤ ${most}`,
      conditions: [
        condition('a loss with a minimum', bounded, bounded ? loss.kind : `the ${loss.kind} loss has its infimum at infinity`),
        ...(optimizer.kind === 'adam'
          ? [
              condition(
                'Adam with ε > 0',
                optimizer.epsilon > 0,
                optimizer.epsilon > 0 ? `ε = ${inWords(optimizer.epsilon)}` : 'ε = 0: it has no linear iteration at a minimum',
              ),
            ]
          : []),
      ],
      modelNote: null,
      optimizerNote: `can only end where λ_max ≤ ${most}`,
    } satisfies Outline;
  },

  examine(situation) {
    const { experiment, stepSize, objective, start, model } = situation;
    const outline = wu2018StableMinima.outline(experiment);
    const threshold = stabilityThreshold(experiment.optimizer);
    if (outline === null || threshold === null || stepSize === null) return Promise.resolve(null);
    const { optimizer } = experiment;
    const bound = (threshold.factor / stepSize) * (optimizer.kind === 'adam' ? optimizer.epsilon : 1);
    const gradient = new Float64Array(start.length);
    objective.gradient(start, gradient);
    const slope = norm2(gradient);
    const conditions = [
      ...outline.conditions,
      condition(
        'a loss that is twice differentiable in the parameters',
        model.kinks === undefined ? true : 'unknown',
        model.kinks === undefined ? 'smooth units' : 'units with kinks: at one of them there is no Hessian',
      ),
      condition(
        'a start that is not stationary',
        slope > 0,
        slope > 0 ? `‖∇ℒ(θ₀)‖ = ${inWords(slope)}` : 'the gradient at the start is 0: the run never moves, be it stable or not',
      ),
    ];
    return Promise.resolve({
      prediction: predictionOf(wu2018StableMinima, outline, conditions),
      withoutReference: true,
      measures: ['loss', 'sharpness', 'stabilityThreshold', 'sharpnessRatio'],
      companions: [],
      solve: () => Promise.resolve(null),
      judge: (trained) => judge(trained, situation, bound),
    } satisfies Examination);
  },
};

function judge(trained: Trained, situation: Situation, bound: number): Verdict {
  const { experiment, curvature, objective, start } = situation;
  const tolerance = experiment.expect?.tolerance ?? TOLERANCE;
  // That of Adam is recorded in the metric of its steps.
  const recorded = ratiosOf(trained.trajectory, bound)?.at(-1);
  const adam = experiment.optimizer.kind === 'adam';
  const sharpness = adam || recorded === undefined ? curvature.at(trained.parameters).sharpness() / bound : recorded;
  const base = { result: ID, measure: 'sharpness-over-threshold', value: sharpness, tolerance: 1 + tolerance, limit: 'bound' } as const;
  const gradient = new Float64Array(start.length);
  objective.gradient(start, gradient);
  const first = norm2(gradient);
  const settled = trained.outcome === 'converged' || trained.gradientNorm <= SETTLED * first;
  const says = `λ_max(∇²ℒ) at the end is ${inWords(sharpness * bound, 5)}, ${inWords(sharpness)} of the threshold ${inWords(bound, 5)}`;
  if (!settled) return { ...base, outcome: 'inconclusive', says: `The run has not converged: there the bound says nothing. ${says}.` };
  if (adam && !(recorded !== undefined && Math.abs(recorded / sharpness - 1) <= NEAR_EPSILON)) {
    const why =
      recorded === undefined
        ? 'sharpnessRatio is not recorded'
        : `in the metric of the last step it is ${inWords(recorded)} of its threshold`;
    return { ...base, outcome: 'inconclusive', says: `The steps of Adam are not yet gradients over ε: ${why}. ${says}.` };
  }
  if (sharpness <= 1 + tolerance) return { ...base, outcome: 'agrees', says: `${says}.` };
  const excepted = exceptedStart(trained.parameters, situation);
  return excepted === null
    ? { ...base, outcome: 'disagrees', says: `${says}: it should be unstable.` }
    : { ...base, outcome: 'inconclusive', says: `${says}. ${excepted}.` };
}
