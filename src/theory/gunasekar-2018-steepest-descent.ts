/**
 * S. Gunasekar, J. Lee, D. Soudry, N. Srebro, Characterizing implicit bias in terms of optimization geometry, ICML 2018, Theorem 5:
 * on separable data, steepest descent in a norm on the exponential loss with η_t ≤ 1/(B²ℒ(w_t)), B = max‖x_i‖_*, maximises the margin
 * in that norm. For normalised steps with Ση = ∞ the same follows from the descent of ln ℒ, whose curvature along v is at most B²‖v‖²:
 *     ln ℒ(w − v) ≤ ln ℒ(w) − s‖∇ ln ℒ‖_* + ½B²s²,  s = ‖v‖,  ‖∇ ln ℒ‖_* ≥ γ,
 * summed up, with min_i z_i·w ≥ −ln Σe^(−z_i·w):  margin ≥ (γS − ½B²Q − ln Σℓ(0))/(‖w₀‖ + S),  S = Σs, Q = Σs²
 * (M. Telgarsky, ICML 2013, for ℓ1; M. Nacson et al., AISTATS 2019, for ℓ2). It says nothing for Q of the size of S: constant
 * normalised steps, as AdaBoost's, need not reach the largest margin (C. Rudin, I. Daubechies, R. Schapire, JMLR 2004).
 */
import { createNorm, flatMatrix } from '../numerics/create-norm';
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import type { Norm } from '../numerics/norms';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import { maxMarginL1, maxMarginLInf, maxMarginQuadratic, type NormMargin } from '../solvers/norm-margin';
import { maxMargin } from '../solvers/max-margin';
import { certifiedMargin } from '../solvers/norm-margin';
import { NORMS } from '../numerics/norms';
import {
  isLinearClassifier,
  largestRow,
  logarithmicClosing,
  separableCondition,
  smallestMargin,
  startLogSum,
  startLoss,
} from './linear-classification';
import { rateFigure } from './rate-figure';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE, stepsInWords } from './wording';

const ID = 'gunasekar-2018-steepest-descent';

/**
 * Margins of the different norms' maximisers differ by tens of percent; a hundredth tells them apart, and is what the 1/√t schedule
 * reaches in 10⁴ … 10⁶ steps, where its own bound allows more.
 */
const MARGIN_TOLERANCE = 1e-2;

type Steepest = Extract<OptimizerSpec, { kind: 'steepest-descent' }>;

export const gunasekar2018SteepestDescent: PublishedResult = {
  id: ID,
  row: 'C13',
  title: 'Steepest descent in a norm: the largest margin in that norm',
  statement:
    'On linearly separable data, steepest descent with respect to a norm on the exponential loss drives the margin min yᵢ w·xᵢ/‖w‖ to ' +
    'its largest value in that norm: coordinate descent to the ℓ1 margin, gradient descent to the ℓ2 margin, sign descent to the ℓ∞ margin. ' +
    'The direction of w converges where the maximiser is unique.',
  formula: 'minᵢ yᵢ w(t)·xᵢ / ‖w(t)‖ → max over ‖w‖ ≤ 1 of minᵢ yᵢ w·xᵢ',
  status: 'theorem',
  citation: {
    authors: 'Suriya Gunasekar, Jason Lee, Daniel Soudry, Nathan Srebro',
    year: 2018,
    title: 'Characterizing Implicit Bias in Terms of Optimization Geometry',
    venue: 'International Conference on Machine Learning, PMLR 80',
    locus: 'Theorem 5',
    url: 'https://proceedings.mlr.press/v80/gunasekar18a.html',
  },

  outline(experiment) {
    const { optimizer } = experiment;
    if (!isLinearClassifier(experiment) || optimizer.kind !== 'steepest-descent') return null;
    const symbol = nameOf(optimizer);
    return {
      regularizer: `${typeof optimizer.norm === 'string' ? optimizer.norm : 'quadratic'}-max-margin`,
      symbol: `max ${symbol} margin, min ‖w‖ in ${symbol} s.t. yᵢ w·xᵢ ≥ 1`,
      conditions: [lossCondition(experiment)],
      modelNote: experiment.model.kind === 'linear' && experiment.model.bias ? 'margin in (w, b): the bias is part of the norm' : null,
      optimizerNote:
        optimizer.normalize === 'none' ? 'the margin comes closer like 1/ln t' : 'normalised steps: the loss falls exponentially',
    } satisfies Outline;
  },

  examine(situation) {
    const { optimizer } = situation.experiment;
    const outline = gunasekar2018SteepestDescent.outline(situation.experiment);
    if (outline === null || optimizer.kind !== 'steepest-descent') return Promise.resolve(null);
    return Promise.resolve(examine(situation, outline, optimizer));
  },
};

function nameOf({ norm }: Steepest): string {
  return typeof norm === 'string' ? { l1: 'ℓ1', l2: 'ℓ2', linf: 'ℓ∞' }[norm] : '‖·‖_P';
}

function lossCondition({ loss }: Experiment): Condition {
  const text = 'exponential loss';
  if (loss.kind === 'exponential') return condition(text, true, 'e^(−q)');
  return loss.kind === 'logistic'
    ? condition(text, 'unknown', 'the logistic loss has the same tail, but the theorem is stated for e^(−q)')
    : condition(text, false, `${loss.kind} loss`);
}

function examine(situation: Situation, outline: Outline, optimizer: Steepest): Examination {
  const { experiment, facts } = situation;
  const norm = createNorm(optimizer.norm);
  const radius = largestRow(facts, (row) => norm.dual(row));
  const conditions = [...outline.conditions, separableCondition(facts), stepCondition(situation, optimizer, radius)];
  const tolerance = experiment.expect?.tolerance ?? MARGIN_TOLERANCE;
  return {
    prediction: predictionOf(gunasekar2018SteepestDescent, outline, conditions),
    measures: ['loss', 'logLoss', 'normMargin', 'normMarginGap', 'margin', 'l1Norm', 'l2Norm'],
    companions: [],
    solve: () => solve(situation, optimizer, outline),
    judge: (trained, reference) => judge(trained, reference, situation, optimizer, { norm, radius }, tolerance),
    figures: (trained, reference) => figures(trained, reference, situation, optimizer, { norm, radius }),
  };
}

/** What a schedule does to the theorem. */
function stepCondition(situation: Situation, { normalize, schedule, norm }: Steepest, radius: number): Condition {
  const eta = situation.stepSize ?? Number.NaN;
  if (normalize === 'none') {
    const bound = 1 / (radius * radius * startLoss(situation));
    const text = 'step size at most 1/(B²ℒ(w₀)), B = max ‖xᵢ‖ in the dual norm';
    return condition(text, eta <= bound, `η = ${inWords(eta)}, bound ${inWords(bound)}, B = ${inWords(radius)}`);
  }
  const text = 'normalised steps η_t with Σ η_t = ∞ and Σ η_t² / Σ η_t → 0';
  if (schedule === 'inverse-sqrt') return condition(text, true, `η/√t, η = ${inWords(eta)}`);
  if (norm === 'l2' && normalize === 'loss') {
    const bound = 1 / (radius * radius);
    return condition(
      'normalised steps η/ℒ with η ≤ 1/B² in the ℓ2 norm (Ji and Telgarsky 2021)',
      eta <= bound,
      `η = ${inWords(eta)}, bound ${inWords(bound)}`,
    );
  }
  return condition(
    text,
    'unknown',
    `constant η = ${inWords(eta)}: the margin is known to come close to the largest only to within about ½B²η; AdaBoost, which is ℓ1 with such steps, need not reach it`,
  );
}

async function solve(situation: Situation, { norm }: Steepest, outline: Outline): Promise<Reference | null> {
  const { facts, data } = situation;
  const z = facts.signedInputs();
  const answer = await solveMargin(situation, norm, z, data.samples, facts.width);
  return {
    id: outline.regularizer,
    title: `Largest margin in the ${createNorm(norm).symbol} norm, scaled to margin 1`,
    regularizer: outline.regularizer,
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

async function solveMargin(
  situation: Situation,
  norm: Steepest['norm'],
  z: Float64Array,
  samples: number,
  width: number,
): Promise<NormMargin> {
  if (typeof norm !== 'string') return maxMarginQuadratic(z, samples, width, flatMatrix(norm.matrix));
  switch (norm) {
    case 'l1':
      return maxMarginL1(z, samples, width, await situation.linearPrograms());
    case 'linf':
      return maxMarginLInf(z, samples, width, await situation.linearPrograms());
    case 'l2': {
      const found = maxMargin(z, samples, width);
      if (!found.separable) throw new Error('The data has been found separable before.');
      return certifiedMargin(z, samples, width, found.answer.point, found.answer.multipliers, NORMS.l2);
    }
    default:
      return norm satisfies never;
  }
}

interface Geometry {
  readonly norm: Norm;
  /** B = max ‖x_i‖_*. */
  readonly radius: number;
}

/** The largest relative gap that the theory leaves after so many normalised steps; null where it leaves it open. */
function gapBound(
  steps: number,
  situation: Situation,
  { normalize, schedule }: Steepest,
  { norm, radius }: Geometry,
  margin: number,
): number | null {
  const eta = situation.stepSize;
  if (normalize === 'none' || schedule === 'constant' || eta === null || steps === 0) return null;
  // Σ 1/√t ≥ 2√(T+1) − 2 and Σ 1/t ≤ 1 + ln T.
  const sum = eta * (2 * Math.sqrt(steps + 1) - 2);
  const squares = eta * eta * (1 + Math.log(steps));
  // Divided by the loss a step has a length between η_tγ and η_tB.
  const shortest = normalize === 'gradient' ? sum : sum * margin;
  const longest = normalize === 'gradient' ? squares : squares * radius * radius;
  const startSize = norm.of(situation.start);
  const lost = 0.5 * radius * radius * longest + Math.max(0, startLogSum(situation)) + margin * startSize;
  return lost / (margin * (startSize + shortest));
}

function judge(
  trained: Trained,
  reference: Reference | null,
  situation: Situation,
  optimizer: Steepest,
  geometry: Geometry,
  tolerance: number,
): Verdict {
  const base = { result: ID, measure: 'norm-margin-gap', tolerance };
  if (reference === null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const best = 1 / reference.objective;
  const reached = smallestMargin(situation.facts, trained.predictor) / geometry.norm.of(trained.predictor);
  const value = 1 - reached / best;
  const both = `The ${geometry.norm.symbol} margin is ${inWords(reached, 5)} of the largest ${inWords(best, 5)}, a gap of ${inWords(value)}`;
  if (value <= tolerance) return { ...base, outcome: 'agrees', value, says: `${both}, within ${inWords(tolerance)}.` };
  const bound = gapBound(trained.steps, situation, optimizer, geometry, best);
  if (bound !== null) {
    return value <= bound
      ? {
          ...base,
          outcome: 'inconclusive',
          value,
          says: `${both}; after ${stepsInWords(trained.steps)} the theory allows up to ${inWords(bound)}.`,
        }
      : {
          ...base,
          outcome: 'disagrees',
          value,
          says: `${both}, more than the ${inWords(bound)} that the theory allows after ${stepsInWords(trained.steps)}.`,
        };
  }
  return logarithmicClosing(trained, 'normMarginGap', value).closing
    ? {
        ...base,
        outcome: 'inconclusive',
        value,
        says: `${both}; without normalisation it falls only like 1/ln t, and ln t is ${inWords(trained.logTime)}.`,
      }
    : { ...base, outcome: 'disagrees', value, says: `${both}, and it has stopped to fall.` };
}

function figures(
  trained: Trained,
  reference: Reference | null,
  situation: Situation,
  optimizer: Steepest,
  geometry: Geometry,
): readonly Figure[] {
  if (reference === null) return [];
  const best = 1 / reference.objective;
  const steps = trained.trajectory['step'] ?? [];
  const gaps = trained.trajectory['normMarginGap'] ?? [];
  const bound = steps.map((step) => gapBound(step, situation, optimizer, geometry, best) ?? Number.NaN);
  return rateFigure({
    id: 'margin-rate',
    title: `Gap of the ${geometry.norm.symbol} margin over the steps`,
    x: { label: 'step', scale: 'log', values: steps },
    y: { label: '1 − γ/γ*', measured: gaps, foreseen: bound },
    foreseenName: 'allowed by the theory',
  });
}
