/**
 * Z. Ji, M. Telgarsky, Characterizing the implicit bias via a primal-dual analysis, ALT 2021, Theorems 7 and 8: gradient descent on the
 * exponential loss with steps η̂_t/ℒ, η̂_t ≤ 1 not increasing, from w₀ = 0 on data with ‖x_i‖ ≤ 1, has at every time t
 *     min_i z_i·w_t/‖w_t‖ ≥ γ − (ln n + 1)/(γ Σ_{j<t} η̂_j),
 * and ‖w_t/‖w_t‖ − u*‖ = O(ln n / t) for almost every data set. For ‖x_i‖ ≤ B the margins and γ are divided by B and η̂ = ηB².
 */
import type { Experiment } from '../experiment/schema';
import { norm2 } from '../numerics/vectors';
import type { Figure, Reference, Verdict } from '../protocol/report';
import { isLinearClassifier, largestRow, separableCondition } from './linear-classification';
import { maxMarginReference } from './logarithmic-law';
import { rateFigure } from './rate-figure';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, countInWords, inWords, stepsInWords } from './wording';

const ID = 'ji-telgarsky-2021-normalized';

/** What rounding of the margins and of γ can make of an equality. */
const ROUNDING = 1e-12;
/** A bound that allows more than this share of γ has not been tested by the run. */
const TELLING = 1e-2;

export const jiTelgarsky2021Normalized: PublishedResult = {
  id: ID,
  row: 'C13',
  title: 'Normalised gradient descent: the ℓ2 margin at the rate ln n / t',
  statement:
    'Gradient descent on the exponential loss with steps divided by the loss reaches the largest ℓ2 margin at the rate ln n/t, where plain ' +
    'gradient descent needs ln t for what here takes t. The bound holds at every step.',
  formula: 'minᵢ yᵢ w(t)·xᵢ/‖w(t)‖ ≥ γ − (ln n + 1)/(γ Σ η̂),  ‖xᵢ‖ ≤ 1,  η̂ = η_t ℒ(w_t) ≤ 1',
  status: 'theorem',
  citation: {
    authors: 'Ziwei Ji, Matus Telgarsky',
    year: 2021,
    title: 'Characterizing the implicit bias via a primal-dual analysis',
    venue: 'Algorithmic Learning Theory, PMLR 132',
    locus: 'Theorems 7 and 8',
    url: 'https://proceedings.mlr.press/v132/ji21a.html',
  },

  outline(experiment) {
    if (!isLinearClassifier(experiment) || !isLossNormalized(experiment)) return null;
    const { loss, init, optimizer } = experiment;
    const zero = init.kind === 'zero' || ('scale' in init && init.scale === 0);
    const momentum = optimizer.kind === 'gradient-descent' ? optimizer.momentum : 0;
    return {
      regularizer: 'l2-max-margin',
      symbol: 'max ℓ2 margin, at the rate ln n / t',
      conditions: [
        loss.kind === 'exponential'
          ? condition('exponential loss', true, 'e^(−q)')
          : condition(
              'exponential loss',
              loss.kind === 'logistic' ? 'unknown' : false,
              loss.kind === 'logistic' ? 'for the logistic loss the theorem takes other steps at first' : `${loss.kind} loss`,
            ),
        condition('no momentum', momentum === 0, momentum === 0 ? 'β = 0' : `β = ${momentum}`),
        condition('start at 0', zero, zero ? 'w₀ = 0' : `init ${init.kind}`),
      ],
      modelNote: null,
      optimizerNote: 'steps divided by the loss: margin gap below (ln n + 1)/(γ² t)',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = jiTelgarsky2021Normalized.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function isLossNormalized({ optimizer }: Experiment): boolean {
  if (optimizer.kind === 'gradient-descent') return optimizer.normalize === 'loss';
  return (
    optimizer.kind === 'steepest-descent' && optimizer.norm === 'l2' && optimizer.normalize === 'loss' && optimizer.schedule === 'constant'
  );
}

function examine(situation: Situation, outline: Outline): Examination {
  const { facts, stepSize, experiment } = situation;
  const radius = largestRow(facts, norm2);
  const eta = (stepSize ?? Number.NaN) * radius * radius;
  const conditions = [
    ...outline.conditions,
    separableCondition(facts),
    // 1/B² as a default step is rounded twice on the way back.
    condition('η̂ = ηB² at most 1, B = max ‖xᵢ‖', eta <= 1 + 4 * Number.EPSILON, `η̂ = ${inWords(eta)}, B = ${inWords(radius)}`),
  ];
  const bound = boundOf(situation, radius, eta);
  return {
    prediction: predictionOf(jiTelgarsky2021Normalized, outline, conditions),
    measures: ['loss', 'logLoss', 'directionDistance', 'margin', 'marginGap', 'l2Norm'],
    companions: [],
    solve: () => Promise.resolve(maxMarginReference(situation)),
    judge: (trained, reference) => judge(trained, reference, bound, experiment.expect?.tolerance),
    figures: (trained, reference) => figures(trained, reference, bound),
  };
}

/** The relative gap 1 − margin/γ that Theorem 7 allows after t steps. */
function boundOf({ data }: Situation, radius: number, eta: number): (steps: number, margin: number) => number {
  return (steps, margin) => (Math.log(data.samples) + 1) / ((margin / radius) ** 2 * eta * steps);
}

type Bound = ReturnType<typeof boundOf>;

function judge(trained: Trained, reference: Reference | null, bound: Bound, asked: number | undefined): Verdict {
  const base = { result: ID, measure: 'margin-gap', ...(asked === undefined && { limit: 'bound' as const }) };
  const steps = trained.trajectory['step'];
  const margins = trained.trajectory['margin'];
  if (reference === null || steps === undefined || margins === undefined) {
    return {
      ...base,
      outcome: 'inconclusive',
      value: null,
      tolerance: null,
      says: 'The margin was not recorded: there is nothing to compare.',
    };
  }
  const best = 1 / norm2(Float64Array.from(reference.predictor ?? []));
  let worst = -1;
  let checked = 0;
  for (let k = 0; k < steps.length; k++) {
    if (!(steps[k] > 0) || !Number.isFinite(margins[k])) continue;
    checked++;
    const excess = 1 - margins[k] / best - bound(steps[k], best);
    if (excess > ROUNDING && worst < 0) worst = k;
  }
  const last = margins.length - 1;
  const value = 1 - margins[last] / best;
  const allowed = bound(steps[last], best);
  const tolerance = asked ?? allowed;
  if (worst >= 0) {
    const gap = 1 - margins[worst] / best;
    return {
      ...base,
      outcome: 'disagrees',
      value: gap,
      tolerance: bound(steps[worst], best),
      limit: 'bound',
      says: `At step ${countInWords(steps[worst])} the margin is ${inWords(gap)} below γ, more than the ${inWords(bound(steps[worst], best))} of Theorem 7.`,
    };
  }
  const says = `The margin is ${inWords(value)} below γ = ${inWords(best, 5)} after ${stepsInWords(steps[last])}; Theorem 7 allows ${inWords(allowed)}, and held at all ${checked} recorded steps`;
  return value <= tolerance && allowed <= TELLING
    ? { ...base, outcome: 'agrees', value, tolerance, says: `${says}.` }
    : { ...base, outcome: 'inconclusive', value, tolerance, says: `${says}: too early to tell.` };
}

function figures(trained: Trained, reference: Reference | null, bound: Bound): readonly Figure[] {
  const steps = trained.trajectory['step'] ?? [];
  if (reference?.predictor == null) return [];
  const best = 1 / norm2(Float64Array.from(reference.predictor));
  return rateFigure({
    id: 'margin-rate',
    title: 'Gap of the margin over the steps',
    x: { label: 'step', scale: 'log', values: steps },
    y: {
      label: '1 − γ(t)/γ',
      measured: trained.trajectory['marginGap'] ?? [],
      foreseen: steps.map((step) => (step > 0 ? bound(step, best) : Number.NaN)),
    },
    foreseenName: 'bound (ln n + 1)/(γ² t)',
  });
}
