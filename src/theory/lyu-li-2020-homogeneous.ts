/**
 * K. Lyu, J. Li, Gradient Descent Maximizes the Margin of Homogeneous Neural Networks, ICLR 2020, Theorems 4.1 and 4.4;
 * that the direction itself converges: Z. Ji, M. Telgarsky, Directional convergence and alignment in deep learning, NeurIPS 2020.
 *
 * Once the summed loss of an L-homogeneous classifier is below ℓ(0), gradient flow never lowers the smoothed margin ℓ⁻¹(ℒ)/‖θ‖^L,
 * and θ/‖θ‖ converges to the direction of a Karush–Kuhn–Tucker point of (P) min ½‖θ‖² s.t. q_i(θ) ≥ 1. A KKT point is stationary;
 * whether it is a local or a global optimum is another question (Vardi, Shamir, Srebro 2021).
 */
import type { Experiment } from '../experiment/schema';
import { isKktComputable, kktResidual, type KktResidual } from '../measures/kkt';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { thresholdOf, type Threshold } from './below-threshold';
import { homogeneityOf, homogeneityViolation } from './homogeneity';
import { flowConditions, isClassification, lastDecade } from './homogeneous-limit';
import { optimalityOf, type Optimality } from './optimality';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { idleUnits, idleInWords } from './idle-units';
import { condition, inWords } from './wording';

const ID = 'lyu-li-2020-homogeneous';

/**
 * What the start left in parameters that no longer move is ‖θ(0)‖/‖θ‖ of the residual, about |ln ℒ|^(−1/L). A flow ends at
 * ln ℒ = −10⁸ (10⁻⁴ for L = 2, 10⁻² for L = 4); one that slides on kinks at 10⁻⁵ to 10⁻⁶ of that, with 3·10⁻³ left.
 */
const RESIDUAL_TOLERANCE = 1e-2;
/**
 * The smoothed margin may fall by what an integrator neglects: its tolerance of 10⁻⁹ a step over some thousand steps, or, with
 * first-order steps along kinks, the percent to which margins are then promised. Both are of margins: where the smoothed smallest one, which
 * is 0 at ℒ = ℓ(0), is below these, a step moves it by a larger part (a tenth is what a step along kinks may change a margin by).
 */
const FALL_SMOOTH = 1e-5;
const FALL_KINKS = 0.01;
const MARGIN_SMOOTH = 0.1;
const MARGIN_KINKS = 10;
/** A relative duality gap of margins below this is called a certificate of optimality: the promise for ReLU margins. */
const CERTIFIED = 1e-2;
/** Before this the transient of the start may still hide the limit. */
const SETTLED = -1e3;

const NOTHING = 'nothing is known';
const SYMBOL = 'KKT point of min ½‖θ‖₂ s.t. margins qᵢ(θ) ≥ 1';

export const lyuLi2020Homogeneous: PublishedResult = {
  id: ID,
  row: 'C5',
  title: 'Homogeneous networks: a KKT point of the margin problem in parameters',
  statement:
    'Once the summed loss of a homogeneous network is below ℓ(0), gradient flow drives it to zero, never lowers the smoothed ' +
    'normalized margin, and turns θ to the direction of a KKT point of the problem of least norm with margins at least 1. ' +
    'Such a point is stationary; it need not be a local, let alone a global, optimum.',
  formula: 'θ(t)/‖θ(t)‖ → θ*/‖θ*‖,  θ* = Σ λᵢ hᵢ,  hᵢ ∈ ∂°qᵢ(θ*),  λᵢ ≥ 0,  λᵢ(qᵢ(θ*) − 1) = 0,  qᵢ(θ*) ≥ 1',
  status: 'theorem',
  citation: {
    authors: 'Kaifeng Lyu, Jian Li',
    year: 2020,
    title: 'Gradient Descent Maximizes the Margin of Homogeneous Neural Networks',
    venue: 'International Conference on Learning Representations',
    locus: 'Theorems 4.1 and 4.4',
    url: 'https://openreview.net/forum?id=SJeLIgBKPS',
  },

  outline(experiment) {
    const { model } = experiment;
    // A linear predictor has results of its own.
    if (model.kind === 'linear' || !isClassification(experiment)) return null;
    const { degree } = homogeneityOf(model);
    return {
      regularizer: degree === null ? 'none' : 'parameter-margin-kkt',
      symbol: degree === null ? NOTHING : SYMBOL,
      conditions: fileConditions(experiment),
      modelNote: degree === null ? 'not homogeneous: nothing is known' : `homogeneous of degree ${degree}`,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = lyuLi2020Homogeneous.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function fileConditions(experiment: Experiment): Condition[] {
  const { degree, because } = homogeneityOf(experiment.model);
  return [
    condition('homogeneous in the parameters', degree !== null, degree === null ? because : `degree ${degree}: ${because}`),
    ...flowConditions(experiment),
  ];
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, model, start } = situation;
  const conditions = [...outline.conditions];
  const { degree } = homogeneityOf(experiment.model);
  if (degree !== null) {
    const violation = homogeneityViolation(model, start, degree);
    conditions.push(
      condition(
        'f(cθ) = c^L f(θ), evaluated',
        // A few hundred roundings of sums and products.
        model.degree === degree && violation <= 1e-12,
        `L = ${degree}, c = ½ and 2: violated by ${inWords(violation)}`,
      ),
    );
  }
  if (model.kinks !== undefined && experiment.optimizer.kind === 'gradient-descent') {
    conditions.push(condition('twice differentiable, for gradient descent with steps', false, 'the units have kinks'));
  }
  const threshold = thresholdOf(situation);
  const known = [...conditions];
  conditions.push(threshold.condition);
  const applies = known.every(({ holds }) => holds === true) && threshold.possible;
  const { statement, formula } = lyuLi2020Homogeneous;
  // For the verdict and for the picture.
  const knownResiduals = new WeakMap<Trained, KktResidual | null>();
  const residualOf = (trained: Trained): KktResidual | null => {
    const found = knownResiduals.get(trained);
    if (found !== undefined) return found;
    const residual = isKktComputable(model, situation.data.y)
      ? kktResidual(model, situation.data.y, situation.data.x, trained.parameters)
      : null;
    knownResiduals.set(trained, residual);
    return residual;
  };
  return {
    prediction: {
      ...predictionOf(lyuLi2020Homogeneous, outline, conditions, applies),
      statement: degree === null ? 'No published result says where gradient flow takes a network that is not homogeneous.' : statement,
      formula: degree === null ? NOTHING : formula,
    },
    measures: ['loss', 'logLoss', 'parameterMargin', 'smoothedMargin', 'kktResidual', 'parameterNorm'],
    companions: [],
    withoutReference: true,
    solve: () => Promise.resolve(null),
    settle: (trained) => [...known, threshold.after(trained)],
    judge: (trained) => judge(trained, residualOf, situation, threshold, experiment.expect?.tolerance ?? RESIDUAL_TOLERANCE),
    figures: (trained) => figures(residualOf(trained), situation),
  };
}

function judge(
  trained: Trained,
  residualOf: (trained: Trained) => KktResidual | null,
  situation: Situation,
  threshold: Threshold,
  tolerance: number,
): Verdict {
  const { model, data } = situation;
  const above = threshold.verdictAbove(trained, ID);
  const idle = idleUnits(situation, trained.parameters);
  if (above !== null) return idle.samples.length > 0 ? { ...above, says: `${above.says} ${idleInWords(idle)}` } : above;
  const base = { result: ID, measure: 'relative KKT residual', tolerance };
  if (!isKktComputable(model, data.y)) {
    return {
      ...base,
      outcome: 'inconclusive',
      value: null,
      says: 'The network and the data are too large for the multipliers to be computed.',
    };
  }
  const residual = residualOf(trained);
  if (residual === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: 'Some margin is not positive at the end of the run.' };
  }
  const { stationarity, slackness, delta, kinks, margin } = residual;
  const value = Math.hypot(stationarity, slackness);
  const scale = Math.pow(margin, -1 / (model.degree ?? 1));
  const freedom = kinks > 0 ? `, with free slopes at ${kinks} kinks` : '';
  const point = `(ε, δ) = (${inWords(stationarity * scale)}, ${inWords(delta)}) at ‖θ̃‖ = ${inWords(scale)}${freedom}`;
  const fall = largestFall(trained, margin, model.degree ?? 1, model.kinks === undefined ? MARGIN_SMOOTH : MARGIN_KINKS);
  const allowed = model.kinks === undefined ? FALL_SMOOTH : FALL_KINKS;
  const unaccounted = !residual.complete
    ? ' More slopes at kinks were left than there was time to try, so the residual is an upper bound.'
    : model.kinks !== undefined && (model.kind !== 'network' || model.kinks.hiddenLayers > 1)
      ? ' The kinks of this model were given no freedom (that is done for one hidden layer), so the residual is an upper bound.'
      : '';
  if (fall > allowed) {
    return {
      ...base,
      outcome: 'disagrees',
      value,
      says: `The smoothed normalized margin fell by ${inWords(fall)} of its value, which the flow of the theorem never does.`,
    };
  }
  if (value <= tolerance) {
    return {
      ...base,
      outcome: 'agrees',
      value,
      says:
        `The direction is that of a KKT point to ${inWords(value)}, within ${inWords(tolerance)}: ${point}; normalized margin ` +
        `${inWords(margin, 5)}, and its smoothed version never fell${fall > 0 ? ` by more than ${inWords(fall)}` : ''}. ` +
        `${optimalityInWords(optimalityOf(situation, residual))}${idle.units.length > 0 ? ` ${idleInWords(idle)}` : ''}`,
    };
  }
  const decade = lastDecade(trained, value);
  const growth = decade === null ? '' : ` (it was ${inWords(decade.earlier)} at a tenth of −ln ℒ)`;
  const { logLoss } = trained;
  // Without a curve of the residual nothing tells a slow limit from a wrong one.
  if (decade === null || logLoss > SETTLED || unaccounted !== '' || decade.grown + allowed >= decade.demanded) {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      says: `The KKT residual is ${inWords(value)} at ln ℒ = ${inWords(logLoss)}${growth}: ${point}.${unaccounted}`,
    };
  }
  return {
    ...base,
    outcome: 'disagrees',
    value,
    says:
      `The KKT residual stays at ${inWords(value)} at ln ℒ = ${inWords(logLoss)}${growth}, while ln of the smoothed margin grew by ` +
      `${inWords(decade.grown)}; a flow that is so far from a KKT point raises it by ${inWords(decade.demanded)} at least: ${point}.`,
  };
}

/** A KKT point is stationary; whether it is optimal is another question, which weak duality answers where it can. */
function optimalityInWords(optimality: Optimality | null): string {
  if (optimality === null) return 'Stationary: whether it is optimal is another question.';
  const { peak, gap } = optimality;
  if (gap <= CERTIFIED)
    return `Certified: no width allows a normalized margin larger by more than ${inWords(Math.max(gap, 0))}, relatively.`;
  return `Stationary, but not certified optimal: sup |Σ λᵢ yᵢ φ(a·xᵢ)| = ${inWords(peak.height, 4)} > 1, so another or a wider network may do better.`;
}

/** Largest relative fall of the smoothed margin between recorded points, from when ℓ⁻¹(ℒ) is at least `from`, to the margin at the end, which is above it. */
function largestFall({ trajectory }: Trained, margin: number, degree: number, from: number): number {
  let highest = -Infinity;
  let fall = 0;
  const lengths = trajectory['parameterNorm'] ?? [];
  for (const [k, value] of (trajectory['smoothedMargin'] ?? []).entries()) {
    if (!Number.isFinite(value) || !(value * Math.pow(lengths[k] ?? Number.NaN, degree) >= from)) continue;
    if (highest > 0) fall = Math.max(fall, (highest - value) / highest);
    highest = Math.max(highest, value);
  }
  if (highest > 0) fall = Math.max(fall, (highest - margin) / highest);
  return fall;
}

function figures(residual: KktResidual | null, { model }: Situation): Figure[] {
  if (residual === null) return [];
  const { multipliers } = residual;
  const support = multipliers.reduce((count, value) => count + (value > 1e-6 ? 1 : 0), 0);
  return [
    {
      kind: 'chart',
      id: 'kkt-multipliers',
      title: 'Multipliers of the KKT conditions',
      says: `${support} of ${multipliers.length} margins ${support === 1 ? 'carries' : 'carry'} a multiplier; they sum to ${inWords(multipliers.reduce((a, b) => a + b, 0))}, and ‖θ̃‖²/L = ${inWords(Math.pow(residual.margin, -2 / (model.degree ?? 1)) / (model.degree ?? 1))}.`,
      x: { label: model.outputsPerSample === 1 ? 'sample i' : 'margin (sample and rival class)', scale: 'linear' },
      y: { label: 'multiplier λᵢ', scale: 'linear' },
      series: [{ name: 'λ', style: 'bars', x: Array.from(multipliers.keys()), y: Array.from(multipliers) }],
    },
  ];
}
