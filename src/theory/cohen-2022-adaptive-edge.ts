/**
 * J. Cohen, B. Ghorbani, S. Krishnan, N. Agarwal, S. Medapati, M. Badura, D. Suo, D. Cardoze, Z. Nado, G. Dahl, J. Gilmer, Adaptive gradient methods at the
 * edge of stability, 2022 (arXiv:2207.14484): full-batch Adam, too, trains at an edge. With P = (1 − β₁^t)(√v̂ + ε) a step is the mean of gradients over P,
 * stable for λ_max(P^(−1/2)∇²ℒP^(−1/2)) ≤ 2(1 + β₁)/((1 − β₁)η), which is 38/η for β₁ = 0.9; the left-hand side rises to it and stays there. An observation.
 *
 * As P follows the gradients, the Hessian itself may go on to sharpen. When the edge is reached is not foretold: P is not known before the run. Beyond the
 * edge the oscillation grows like 2(1 + β₁)/(1 − β₁) times the excess, below it decays like √β₁ at most, so the swings are mostly below.
 */
import { stabilityThreshold } from '../experiment/stability-threshold';
import type { Figure, Verdict } from '../protocol/report';
import { judgeHovering } from './hovering';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { asksForSharpness } from './sharpness-record';
import { condition, countInWords, inWords, stepsInWords } from './wording';

const ID = 'cohen-2022-adaptive-edge';

/** The mean leaves out so much of the run after the first crossing: the first swings are wide. */
const SETTLING = 0.25;
const FEWEST_POINTS = 32;

export const cohen2022AdaptiveEdge: PublishedResult = {
  id: ID,
  row: 'S8',
  title: 'Adam at its edge: the preconditioned sharpness rises to 38/η and stays there',
  statement:
    'Full-batch Adam is stable where the largest eigenvalue of the Hessian in the metric of its steps is at most 2(1 + β₁)/((1 − β₁)η). During training that eigenvalue ' +
    'rises to the threshold and stays near it, while the Hessian may go on to sharpen, as the metric adapts.',
  formula: 'λ_max(P^(−1/2)∇²ℒP^(−1/2)) ≈ 2(1 + β₁)/((1 − β₁)η),  P = (1 − β₁^t)(√v̂ + ε);  38/η for β₁ = 0.9',
  status: 'empirical',
  citation: {
    authors:
      'Jeremy Cohen, Behrooz Ghorbani, Shankar Krishnan, Naman Agarwal, Sourabh Medapati, Michal Badura, Daniel Suo, David Cardoze, Zachary Nado, George E. Dahl, Justin Gilmer',
    year: 2022,
    title: 'Adaptive Gradient Methods at the Edge of Stability',
    venue: 'arXiv:2207.14484',
    url: 'https://arxiv.org/abs/2207.14484',
  },

  outline(experiment) {
    const { optimizer, model, loss, stop, record } = experiment;
    if (optimizer.kind !== 'adam' || model.kind === 'linear' || loss.kind !== 'square' || !asksForSharpness(experiment, ID)) return null;
    const threshold = stabilityThreshold(optimizer);
    return {
      regularizer: 'sharpness',
      symbol: `λ_max(P^(−1/2)∇²ℒP^(−1/2)) → ${threshold?.over('η') ?? '2(1 + β₁)/((1 − β₁)η)'}`,
      conditions: [
        condition(
          'steps of one size',
          threshold !== null,
          threshold === null ? 'η/√t: the threshold moves away' : `stable up to ${threshold.over('η')}`,
        ),
        condition(
          'a number of steps that the file sets, recorded at even distances',
          stop.steps !== undefined && record.spacing === 'linear',
          `${stop.steps === undefined ? 'none' : stepsInWords(stop.steps)}, record.spacing: ${record.spacing}`,
        ),
      ],
      modelNote: null,
      optimizerNote: threshold === null ? null : `the edge is at ${threshold.over('η')} in the metric of Adam`,
    } satisfies Outline;
  },

  examine(situation) {
    const { optimizer } = situation.experiment;
    const outline = cohen2022AdaptiveEdge.outline(situation.experiment);
    if (outline === null || optimizer.kind !== 'adam' || situation.stepSize === null) return Promise.resolve(null);
    return Promise.resolve(examine(situation, outline, optimizer.epsilon));
  },
};

function examine(situation: Situation, outline: Outline, epsilon: number): Examination {
  const { experiment, model, curvature, start, stepSize } = situation;
  const edge = (stabilityThreshold(experiment.optimizer)?.factor ?? Number.NaN) / (stepSize ?? Number.NaN);
  const sharpness = curvature.at(start).sharpness();
  const most = epsilon > 0 ? sharpness / epsilon : Infinity;
  const conditions = [
    ...outline.conditions,
    condition(
      'a model that is twice differentiable',
      model.kinks === undefined,
      model.kinks === undefined ? 'smooth units' : 'units with kinks: at one of them there is no Hessian',
    ),
    condition(
      'an ε that does not hold it down',
      most >= edge ? true : 'unknown',
      `P is at least about ε = ${inWords(epsilon)}: λ_max(∇²ℒ)/ε is ${inWords(most)} at the start, the edge is at ${inWords(edge)}`,
    ),
  ];
  return {
    prediction: predictionOf(cohen2022AdaptiveEdge, outline, conditions),
    withoutReference: true,
    measures: ['loss', 'sharpness', 'preconditionedSharpness', 'stabilityThreshold', 'sharpnessRatio'],
    companions: [],
    solve: () => Promise.resolve(null),
    judge: (trained) => judge(trained, situation),
    figures: (trained) => ratioFigure(trained),
  };
}

function judge({ trajectory }: Trained, { experiment }: Situation): Verdict {
  const open = { result: ID, measure: null, value: null, tolerance: null, outcome: 'inconclusive' } as const;
  const [steps, ratios] = [trajectory['step'], trajectory['sharpnessRatio']];
  if (ratios === undefined) return { ...open, says: 'The run has not recorded the sharpness over its threshold.' };
  const at = ratios.findIndex((ratio) => ratio >= 1);
  const highest = ratios.reduce((most, ratio) => (ratio > most ? ratio : most), 0);
  if (at < 0)
    return { ...open, says: `The preconditioned sharpness has come to ${inWords(highest)} of its threshold: the edge is not reached yet.` };
  const ended = steps[steps.length - 1];
  const from = steps[at] + SETTLING * (ended - steps[at]);
  const kept = ratios.filter((_, k) => steps[k] >= from);
  const crossed = `The preconditioned sharpness reached its threshold at step ${countInWords(steps[at])}`;
  if (kept.length < FEWEST_POINTS)
    return { ...open, says: `${crossed}; only ${kept.length} points after that are recorded, ${FEWEST_POINTS} are needed.` };
  return judgeHovering(ID, kept, `${crossed}; from step ${Math.round(from)} on`, experiment.expect?.tolerance);
}

function ratioFigure({ trajectory }: Trained): readonly Figure[] {
  const [steps, ratios] = [trajectory['step'], trajectory['sharpnessRatio']];
  if (ratios === undefined) return [];
  const kept = steps.flatMap((step, k) => (step > 0 && Number.isFinite(ratios[k]) ? [k] : []));
  if (kept.length < 2) return [];
  const x = kept.map((k) => steps[k]);
  const y = kept.map((k) => ratios[k]);
  return [
    {
      kind: 'chart',
      id: 'adaptive-edge',
      title: 'Preconditioned sharpness over its threshold',
      says: `It goes from ${inWords(y[0])} to ${inWords(y[y.length - 1])} of the threshold.`,
      x: { label: 'step', scale: 'linear' },
      y: { label: 'λ_max(P^(−1/2)∇²ℒP^(−1/2)) over its threshold', scale: 'linear' },
      series: [
        { name: 'Adam', style: 'line', x, y },
        { name: 'edge', style: 'line', x: [x[0], x[x.length - 1]], y: [1, 1] },
      ],
    },
  ];
}
