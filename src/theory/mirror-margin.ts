/**
 * What the results on mirror descent and separable data share: the margin in the norm that belongs to the potential.
 * Mirror flow is one curve whatever its speed: steps divided by the loss follow it as plain ones do, and get further.
 */
import { marginNorm, type MarginNorm } from '../measures/margin-norm';
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import type { Citation, Condition, Figure, Reference, Verdict } from '../protocol/report';
import { maxMarginL1, maxMarginP } from '../solvers/norm-margin';
import { earlierValue, isLinearClassifier, separableCondition, smallestMargin } from './linear-classification';
import { rateFigure } from './rate-figure';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE, stepsInWords } from './wording';

/** The margins of other norms differ by far more than a hundredth; a rate of 1/ln t, or of 1/t for normalised steps, takes a run below it. */
const MARGIN_TOLERANCE = 1e-2;

type Mirror = Extract<OptimizerSpec, { kind: 'mirror-descent' }>;
type Potential = Exclude<Mirror['potential'], 'entropy'>;

export interface MirrorKind {
  readonly id: string;
  readonly potential: Potential['kind'];
  readonly title: string;
  readonly statement: string;
  readonly formula: string;
  readonly citation: Citation;
}

/** A result on one kind of potential. */
export function mirrorResult(kind: MirrorKind): PublishedResult {
  const { id, title, statement, formula, citation } = kind;
  const result: PublishedResult = {
    id,
    row: 'C13',
    title,
    statement,
    formula,
    status: 'theorem',
    citation,
    outline(experiment) {
      const { optimizer } = experiment;
      if (!isLinearClassifier(experiment) || optimizer.kind !== 'mirror-descent') return null;
      const speaks = optimizer.potential === 'entropy' ? kind.potential === 'hypentropy' : optimizer.potential.kind === kind.potential;
      if (!speaks) return null;
      const norm = marginNorm(optimizer);
      return {
        regularizer: norm === null ? 'none' : `${optimizer.potential === 'entropy' ? '' : optimizer.potential.kind}-max-margin`,
        symbol: norm === null ? 'nothing is known' : `max ${norm.symbol} margin`,
        conditions: fileConditions(experiment, optimizer),
        modelNote: null,
        optimizerNote: norm === null ? 'the entropy keeps w positive: no result on its margin' : null,
      } satisfies Outline;
    },
    examine(situation) {
      const { optimizer } = situation.experiment;
      const outline = result.outline(situation.experiment);
      if (outline === null || optimizer.kind !== 'mirror-descent') return Promise.resolve(null);
      return Promise.resolve(examine(kind, situation, outline, optimizer));
    },
  };
  return result;
}

function fileConditions({ loss }: Experiment, { potential }: Mirror): Condition[] {
  const tail = loss.kind === 'logistic' || loss.kind === 'exponential';
  return [
    condition('loss with an exponential tail', tail, loss.kind),
    condition(
      'potential finite, strictly convex and smooth on the whole space',
      potential !== 'entropy',
      potential === 'entropy' ? 'the entropy is defined for w > 0 only: nothing is known of its margin' : potential.kind,
    ),
  ];
}

function examine(kind: MirrorKind, situation: Situation, outline: Outline, optimizer: Mirror): Examination {
  const { facts, experiment } = situation;
  const conditions = [...outline.conditions, separableCondition(facts), stepCondition(situation, optimizer)];
  const applies = conditions.every(({ holds }) => holds === true);
  const { id, title, statement, formula, citation } = kind;
  const norm = marginNorm(optimizer);
  const tolerance = experiment.expect?.tolerance ?? MARGIN_TOLERANCE;
  return {
    prediction: {
      result: id,
      title,
      regularizer: outline.regularizer,
      symbol: outline.symbol,
      statement,
      formula,
      status: 'theorem',
      applies,
      conditions,
      citation,
    },
    measures: ['loss', 'logLoss', 'normMargin', 'normMarginGap', 'margin', 'l1Norm', 'l2Norm'],
    companions: [],
    solve: () => (norm === null ? Promise.resolve(null) : solve(situation, optimizer, norm, outline.regularizer)),
    judge: (trained, reference) => judge(id, trained, reference, situation, norm, tolerance),
    figures: (trained) => figures(trained, norm),
  };
}

/**
 * Both results speak of the flow, or of steps so small that ψ − ηℒ stays convex. What is required here of the first step: that it lowers the loss to
 * first order with a second-order term below it, η xᵀ(∇²ψ)⁻¹x sup ℓ″ ≤ 1 with (∇²ψ)⁻¹ at the size that the run reaches is not bounded, so it is left to the run.
 */
function stepCondition({ stepSize }: Situation, { normalize }: Mirror): Condition {
  return condition(
    'small enough steps',
    normalize !== 'gradient',
    normalize === 'gradient'
      ? 'divided by the gradient norm, steps follow no fixed speed of the flow'
      : `η = ${inWords(stepSize ?? Number.NaN)}${normalize === 'loss' ? ', divided by the loss: the same curve, faster' : ''}; how small is not known sharply, and the verdict asks that the loss falls`,
  );
}

async function solve(situation: Situation, { potential }: Mirror, norm: MarginNorm, regularizer: string): Promise<Reference | null> {
  const { facts, data } = situation;
  const separation = facts.separability();
  if (potential === 'entropy' || !separation.separable) return null;
  const z = facts.signedInputs();
  const answer =
    potential.kind === 'hypentropy'
      ? maxMarginL1(z, data.samples, facts.width, await situation.linearPrograms())
      : maxMarginP(z, data.samples, facts.width, potential.p, separation.answer.point);
  return {
    id: regularizer,
    title: `Largest margin in the ${norm.symbol} norm, scaled to margin 1`,
    regularizer,
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

function judge(
  id: string,
  trained: Trained,
  reference: Reference | null,
  { facts }: Situation,
  norm: MarginNorm | null,
  tolerance: number,
): Verdict {
  const base = { result: id, measure: 'norm-margin-gap', tolerance };
  if (reference === null || norm === null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const best = 1 / reference.objective;
  const reached = smallestMargin(facts, trained.predictor) / norm.of(trained.predictor);
  const value = 1 - reached / best;
  const both = `The ${norm.symbol} margin is ${inWords(reached, 5)} of the largest ${inWords(best, 5)}, a gap of ${inWords(value)}`;
  if (value <= tolerance) return { ...base, outcome: 'agrees', value, says: `${both}, within ${inWords(tolerance)}.` };
  if (!losing(trained))
    return { ...base, outcome: 'inconclusive', value, says: `${both}; the loss has not fallen all along, so the steps were too large.` };
  const earlier = earlierValue(trained, 'normMarginGap');
  return earlier === null || value < earlier / FALLING
    ? { ...base, outcome: 'inconclusive', value, says: `${both}, and still falling after ${stepsInWords(trained.steps)}.` }
    : { ...base, outcome: 'disagrees', value, says: `${both}, and it no longer falls after ${stepsInWords(trained.steps)}.` };
}

/** Rates are as slow as 1/ln t: a twentieth from half of ln t on is the least that counts as falling. */
const FALLING = 1.05;

/** Whether ln ℒ fell between all recorded points. */
function losing({ trajectory }: Trained): boolean {
  const values = trajectory['logLoss'] ?? [];
  return values.every((value, k) => k === 0 || value <= values[k - 1]);
}

function figures(trained: Trained, norm: MarginNorm | null): readonly Figure[] {
  return rateFigure({
    id: 'margin-rate',
    title: `Gap of the ${norm?.symbol ?? ''} margin over the steps`,
    x: { label: 'step', scale: 'log', values: trained.trajectory['step'] ?? [] },
    y: { label: '1 − γ/γ*', measured: trained.trajectory['normMarginGap'] ?? [], foreseen: [] },
    foreseenName: '',
  });
}
