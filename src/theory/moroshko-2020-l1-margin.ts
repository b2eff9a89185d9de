/**
 * E. Moroshko, S. Gunasekar, B. Woodworth, J. D. Lee, N. Srebro, D. Soudry, Implicit bias in deep linear classification:
 * initialization scale vs training accuracy, NeurIPS 2020: diagonal networks of depth 2 turn to the ℓ1 max margin for every scale of the
 * start, but only at a training accuracy that depends on it exponentially.
 *
 * With u = (w₁ + w₂)/2, v = (w₁ − w₂)/2 the untied network w₁∘w₂ is the tied one, u² − v². Its flow integrates to
 * u_j(t) = u_j(0) e^{2(Zᵀξ)_j}, v_j(t) = v_j(0) e^{−2(Zᵀξ)_j}, ξ = ∫ −ℓ′ ≥ 0. Where no u_j, v_j starts at 0, log|β_j| is 4|(Zᵀξ)_j| up to a
 * constant, so ξ/log‖β‖ tends to multipliers that are feasible for the ℓ1 problem: the KKT point that Ji & Telgarsky 2020 give is optimal.
 * Where some u_j or v_j starts at 0 it stays there, and the limit may fail to be optimal (Vardi, Shamir & Srebro 2021).
 */
import { coordinateGroups, groupStationarity } from '../measures/group-stationarity';
import { norm1 } from '../numerics/vectors';
import type { Model } from '../models/model';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import { maxMarginL1 } from '../solvers/norm-margin';
import { stationaryVertices, type StationaryVertices } from '../solvers/stationary-vertices';
import { thresholdOf } from './below-threshold';
import {
  flowConditions,
  isClassification,
  judgeMargin,
  MARGIN_TOLERANCE,
  parameterMarginOf,
  separableCondition,
} from './homogeneous-limit';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { stationaryLevels } from './stationary-levels';
import { STATIONARITY_TOLERANCE } from './stationary-limit';
import { condition, inWords } from './wording';

const ID = 'moroshko-2020-l1-margin';

export const moroshko2020L1Margin: PublishedResult = {
  id: ID,
  row: 'C3',
  title: 'Diagonal network of depth 2: the largest ℓ1 margin',
  statement:
    'On separable data, gradient flow on a loss with an exponential tail turns the predictor of a diagonal network of depth 2 to the ' +
    'largest ℓ1 margin, from every start in which no coordinate is stuck at one sign. How far the loss must fall before this shows ' +
    'depends on the scale of the start: a small start passes by other stationary points and lingers there.',
  formula: 'min yᵢ β·xᵢ / ‖β‖₁ → max over ‖β‖₁ ≤ 1 of min yᵢ β·xᵢ',
  status: 'theorem',
  citation: {
    authors: 'Edward Moroshko, Suriya Gunasekar, Blake Woodworth, Jason D. Lee, Nathan Srebro, Daniel Soudry',
    year: 2020,
    title: 'Implicit Bias in Deep Linear Classification: Initialization Scale vs Training Accuracy',
    venue: 'Advances in Neural Information Processing Systems 33',
    url: 'https://arxiv.org/abs/2007.06738',
  },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'diagonal' || model.depth !== 2 || !isClassification(experiment) || loss.kind === 'cross-entropy') return null;
    return {
      regularizer: 'l1-max-margin',
      symbol: 'max ℓ1 margin, min ‖β‖₁ s.t. yᵢ β·xᵢ ≥ 1',
      conditions: flowConditions(experiment),
      modelNote: 'depth 2: sparse directions, of largest ℓ1 margin',
      optimizerNote: 'a smaller start needs a far smaller loss',
    } satisfies Outline;
  },

  async examine(situation) {
    const outline = moroshko2020L1Margin.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/**
 * u_j v_j ≠ 0 for every coordinate, in the form of the model at hand.
 * @param model a diagonal network of depth 2
 * @param start its parameters
 */
export function signCondition(model: Model, start: Float64Array): Condition {
  const d = model.features;
  const tied = model.kind === 'diagonal-tied';
  const text = tied ? 'every u_j and v_j starts off 0' : '|w₁_j| ≠ |w₂_j| at the start, for every j';
  const stuck = Array.from({ length: d }, (_, j) => j).filter((j) =>
    tied ? start[j] === 0 || start[d + j] === 0 : Math.abs(start[j]) === Math.abs(start[d + j]),
  );
  return condition(
    text,
    stuck.length === 0,
    stuck.length === 0
      ? 'so that both signs of every coefficient can grow'
      : `coordinate${stuck.length > 1 ? 's' : ''} ${stuck
          .slice(0, 5)
          .map((j) => j + 1)
          .join(', ')}${stuck.length > 5 ? ' …' : ''}: the flow keeps that, and one sign can never grow`,
  );
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts, data } = situation;
  const threshold = thresholdOf(situation);
  const fixed = [...outline.conditions, separableCondition(facts.separability()), signCondition(situation.model, situation.start)];
  const applies = fixed.every(({ holds }) => holds === true) && threshold.possible;
  let enumerated: StationaryVertices | null | undefined;
  const vertices = (): StationaryVertices | null => (enumerated ??= stationaryVertices(facts.signedInputs(), data.samples, facts.width, 1));
  return {
    prediction: predictionOf(moroshko2020L1Margin, outline, [...fixed, threshold.condition], applies),
    measures: ['loss', 'logLoss', 'parameterMargin', 'kktResidual', 'l1Norm', 'l2Norm', 'parameterNorm', 'invariantDrift'],
    companions: [],
    settle: (trained) => [...fixed, threshold.after(trained)],
    solve: async () => {
      if (!applies) return null;
      // Before the training, so that the pictures on the way find them.
      vertices();
      return largestL1Margin(facts.signedInputs(), data.samples, facts.width, await situation.linearPrograms(), 'predicted');
    },
    judge: (trained, reference) =>
      threshold.verdictAbove(trained, ID) ?? judge(trained, reference, situation, experiment.expect?.tolerance ?? MARGIN_TOLERANCE),
    figures: (trained, reference) => {
      const all = vertices();
      return [
        ...(reference === null ? [] : [coefficients(trained, reference)]),
        ...(all === null ? [] : stationaryLevels(situation, trained.predictor, all, 1)),
      ];
    },
  };
}

export function largestL1Margin(
  z: Float64Array,
  samples: number,
  features: number,
  lp: Awaited<ReturnType<Situation['linearPrograms']>>,
  role: Reference['role'],
): Reference {
  const answer = maxMarginL1(z, samples, features, lp);
  return {
    id: 'l1-max-margin',
    title: 'ℓ1 max-margin predictor, scaled to margin 1 (where there are several, a vertex)',
    regularizer: 'l1-max-margin',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role,
  };
}

function judge(trained: Trained, reference: Reference | null, situation: Situation, tolerance: number): Verdict {
  const { facts, data, model } = situation;
  const beta = trained.predictor;
  const stationarity = beta === null ? null : groupStationarity(facts.signedInputs(), data.samples, beta, coordinateGroups(facts.width), 1);
  if (reference === null || stationarity === null) {
    return {
      result: ID,
      measure: null,
      value: null,
      tolerance,
      outcome: 'inconclusive',
      says: 'Some margin is not positive at the end of the run.',
    };
  }
  // Margins are compared, not directions: the largest ℓ1 margin may be attained by a whole face.
  const gap = 1 - reference.objective / stationarity.objective;
  const { dualNorm, residual } = stationarity;
  const certificate = `max |(Zᵀλ)_j| = ${inWords(dualNorm, 5)}`;
  if (gap > tolerance && residual <= STATIONARITY_TOLERANCE && dualNorm > 1 + STATIONARITY_TOLERANCE) {
    return {
      result: ID,
      measure: 'relative gap of the ℓ1 margin',
      value: gap,
      tolerance,
      outcome: 'inconclusive',
      says:
        `The ℓ1 margin is ${inWords(gap)} below the largest one, relatively: the run lingers at a stationary point that is not optimal, ${certificate} > 1. ` +
        `A coefficient there still grows, only like ‖θ‖^${inWords(2 * (dualNorm - 1))}; a lower stop.logLoss or a larger start gets past it.`,
    };
  }
  const scale = model.kind === 'diagonal-tied' ? 1 : 2;
  const parameterGap = 1 - parameterMarginOf(situation, trained.parameters) * scale * reference.objective;
  const detail = `the multipliers of the limit give ${certificate}, where 1 certifies the global optimum`;
  return judgeMargin({ result: ID, name: 'ℓ1 margin', gap, parameterGap, tolerance, detail }, trained, situation);
}

function coefficients(trained: Trained, reference: Reference): Figure {
  const predicted = reference.predictor ?? [];
  const total = trained.predictor === null ? 1 : norm1(trained.predictor);
  const at = predicted.map((_, j) => j + 1);
  return {
    kind: 'chart',
    id: 'l1-direction',
    title: 'Coefficients at ℓ1 norm 1',
    says: 'The trained predictor beside one of largest ℓ1 margin, both scaled to ‖β‖₁ = 1. Where the largest margin is attained by several, they may differ.',
    x: { label: 'coordinate j', scale: 'linear' },
    y: { label: 'β_j / ‖β‖₁', scale: 'linear' },
    series: [
      { name: 'trained', style: 'bars', x: at, y: Array.from(trained.predictor ?? [], (value) => value / total) },
      { name: 'predicted', style: 'points', x: at, y: predicted.map((value) => value / reference.objective) },
    ],
  };
}
