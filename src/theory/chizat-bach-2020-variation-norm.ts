/**
 * L. Chizat, F. Bach, Implicit bias of gradient descent for wide two-layer neural networks trained with the logistic loss, COLT 2020.
 *
 * Theorem 3: for units that are 2-homogeneous in their parameters and differentiable, a start with full support on the sphere, and
 * if the flow of the infinitely wide network converges in direction, its limit has the largest margin in the variation norm,
 * γ₁ = max_{ν ≥ 0, ν(S) ≤ 1} min_i y_i ∫ φ(θ, x_i) dν(θ). That the limits exist is open; so is the case of ReLU units on finitely many
 * samples (Theorem 5 is about a population with a density). No rate is known.
 *
 * Symbols: φ((v, a), x) = v (a·x̃)₊ has γ₁ = 1/(2V*), V* → reference.objective; φ(a, x) = s (a·x̃)², s = ±c fixed, has γ₁ = c/V*.
 */
import type { Experiment } from '../experiment/schema';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import { maxMargin } from '../solvers/max-margin';
import { SolverError } from '../solvers/reference-problem';
import { variationNorm, type VariationNormAnswer } from '../solvers/variation-norm';
import { thresholdOf } from './below-threshold';
import { flowConditions, isClassification, parameterMarginOf } from './homogeneous-limit';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { twoLayerSpec, unitActivation, unitInputs, unitsOf, type Units } from './two-layer-units';
import { marginFigure, unitFigures } from './variation-norm-figures';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'chizat-bach-2020-variation-norm';

/**
 * One percent: what this product promises for networks with kinks, whose flow is followed to first order. Widths of 20 to 100 come
 * within 5·10⁻⁴ on the examples.
 */
const TOLERANCE = 0.01;
/** Rounding of a margin, relatively: nothing may be above the bound by more. */
const ROUNDING = 1e-9;
/** Output weights that are not trained count as equal within this, relatively. */
const EQUAL = 1e-9;

const SYMBOL = 'max margin in the variation norm, min ∫|dν| s.t. yᵢ ∫ φ(a·xᵢ) dν(a) ≥ 1';
const LIMIT = 'the flow converges in direction (open in general)';

export const chizatBach2020VariationNorm: PublishedResult = {
  id: ID,
  row: 'C7',
  title: 'Wide two-layer networks: the max margin in the variation norm',
  statement:
    'If the gradient flow of an infinitely wide two-layer network of 2-homogeneous, differentiable units converges in direction, ' +
    'from a start that covers every direction, the limit has the largest margin among all two-layer networks of bounded variation norm. ' +
    'Whether it converges is open. No network of any width has a larger normalized margin.',
  formula: 'min_i yᵢ f(xᵢ)/‖θ‖² → γ₁ = max_{‖ν‖ ≤ 1} min_i yᵢ ∫ φ(θ, xᵢ) dν(θ)',
  status: 'theorem',
  citation: {
    authors: 'Lénaïc Chizat, Francis Bach',
    year: 2020,
    title: 'Implicit Bias of Gradient Descent for Wide Two-layer Neural Networks Trained with the Logistic Loss',
    venue: 'Conference on Learning Theory, PMLR 125',
    locus: 'Theorem 3',
    url: 'https://proceedings.mlr.press/v125/chizat20a.html',
  },

  outline(experiment) {
    const { model } = experiment;
    if (model.kind !== 'network' || model.widths.length !== 1 || !isClassification(experiment) || experiment.loss.kind === 'cross-entropy')
      return null;
    return {
      regularizer: 'variation-norm-max-margin',
      symbol: SYMBOL,
      conditions: [...flowConditions(experiment), unitCondition(experiment)],
      modelNote: `margin of all widths in the variation norm${model.bias === 'first' ? ', biases counted' : ''}`,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = chizatBach2020VariationNorm.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** Units that are homogeneous of degree 2 in what is trained of them. */
function unitCondition(experiment: Experiment): Condition {
  const text = 'units homogeneous of degree 2 in their trained parameters';
  const spec = twoLayerSpec(experiment);
  if (spec === null) {
    const { model } = experiment;
    const why = model.kind === 'network' && model.residual ? 'a residual connection' : 'a bias of the output layer is no unit';
    return condition(text, false, why);
  }
  const activation = unitActivation(spec);
  const name = typeof spec.activation === 'string' ? spec.activation : spec.activation.kind;
  if (activation === null) return condition(text, false, `${name} is not covered here`);
  const degree = (activation.kind === 'quadratic' ? 2 : 1) + (spec.trainable === 'all' ? 1 : 0);
  const trained = spec.trainable === 'all' ? 'both layers trained' : 'first layer trained';
  return condition(text, degree === 2, `${name}, ${trained}: degree ${degree}`);
}

interface Problem {
  readonly answer: VariationNormAnswer;
  /** γ₁ in the network's parameters. */
  readonly margin: number;
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment } = situation;
  const { id, title, formula, citation } = chizatBach2020VariationNorm;
  const spec = twoLayerSpec(experiment);
  const activation = spec === null ? null : unitActivation(spec);
  const conditions = [...outline.conditions];
  const threshold = thresholdOf(situation);
  let start: Units | null = null;
  if (spec !== null && activation !== null && conditions.every(({ holds }) => holds === true)) {
    start = unitsOf(situation, spec, situation.start);
    conditions.push(...startConditions(start, situation, spec.trainable === 'first'), threshold.condition);
  }
  const smooth = activation?.kind === 'quadratic';
  const applies =
    start !== null && threshold.possible && conditions.every((each) => each.holds === true || each.text === threshold.condition.text);
  const limit = condition(LIMIT, 'unknown', 'assumed; the run shows whether the normalized margin settles');
  let problem: Problem | null = null;

  return {
    prediction: {
      result: id,
      title,
      regularizer: outline.regularizer,
      symbol: outline.symbol,
      statement:
        chizatBach2020VariationNorm.statement +
        (smooth
          ? ''
          : ' ReLU units are not differentiable: for them and finitely many samples this is not proved, but expected and observed.'),
      formula,
      status: smooth ? 'theorem' : 'conjecture',
      applies,
      conditions: [...conditions, limit],
      citation,
    },
    measures: ['loss', 'logLoss', 'parameterMargin', 'smoothedMargin'],
    companions: [],
    settle: (trained) => [
      ...conditions.map((each) => (each.text === threshold.condition.text ? threshold.after(trained) : each)),
      settledLimit(trained),
    ],
    solve: async () => {
      if (spec === null || activation === null || start === null) return null;
      problem = await solve(situation, start, activation.kind === 'quadratic');
      return referenceOf(problem);
    },
    judge: (trained) =>
      threshold.verdictAbove(trained, ID) ?? judge(trained, problem, situation, experiment.expect?.tolerance ?? TOLERANCE),
    figures: (trained): readonly Figure[] =>
      problem === null || spec === null || activation === null
        ? []
        : [...marginFigure(trained, problem.margin), ...unitFigures(situation, spec, activation, trained, problem.answer)],
  };
}

/** Stands in for a start with full support, which only an infinite width has. */
function startConditions(units: Units, { data }: Situation, frozen: boolean): Condition[] {
  const { count, dimension, directions, outputs } = units;
  const enough = condition(
    'at least as many units as samples',
    count >= data.samples,
    `${count} units, ${data.samples} samples: a largest margin needs no more units than samples`,
  );
  const sides = [1, -1].map((sign) => {
    const rows = Array.from({ length: count }, (_, j) => j).filter((j) => sign * outputs[j] > 0);
    const chosen = new Float64Array(rows.length * dimension);
    rows.forEach((j, k) => chosen.set(directions.subarray(j * dimension, (j + 1) * dimension), k * dimension));
    return { count: rows.length, around: rows.length > dimension && surrounds(chosen, rows.length, dimension) };
  });
  const both = sides.map((side) => side.count).join(' with positive and ');
  const around = sides.every((side) => side.around);
  const cover = condition(
    'the start covers the directions, with output weights of both signs',
    around,
    `${both} with negative output weight; ${around ? 'each sign lies in no half space' : 'one sign at least lies in a half space'}`,
  );
  if (!frozen) return [enough, cover];
  const sizes = Array.from(outputs, Math.abs);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const equal = condition(
    'output weights of one size, since they are not trained',
    most - least <= EQUAL * most && most > 0,
    least === most ? `±${inWords(most)}` : `${inWords(least)} … ${inWords(most)}`,
  );
  return [enough, cover, equal];
}

/** Whether no half space holds all rows, its boundary included. */
function surrounds(rows: Float64Array, count: number, dimension: number): boolean {
  try {
    const found = maxMargin(rows, count, dimension);
    return !found.separable && found.strictly;
  } catch (error) {
    if (error instanceof SolverError) return false;
    throw error;
  }
}

async function solve(situation: Situation, start: Units, quadratic: boolean): Promise<Problem> {
  const { experiment, data } = situation;
  const spec = twoLayerSpec(experiment);
  const activation = spec === null ? null : unitActivation(spec);
  if (spec === null || activation === null) throw new Error('The problem was asked for without its units.');
  const { x, dimension } = unitInputs(situation, spec);
  const answer = variationNorm(x, data.y, data.samples, dimension, activation, await situation.linearPrograms());
  // Both layers trained: v and a of one length share ‖θ‖² equally; fixed outputs ±c: ‖θ‖² = Σ‖a‖².
  const margin = quadratic ? Math.abs(start.outputs[0]) / answer.objective : 1 / (2 * answer.objective);
  return { answer, margin };
}

function referenceOf({ answer, margin }: Problem): Reference {
  return {
    id: 'variation-norm',
    title: `Largest margin of any width: ${answer.atoms.length} units, normalized margin ${inWords(margin, 6)}`,
    regularizer: 'variation-norm-max-margin',
    predictor: null,
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

function judge(trained: Trained, problem: Problem | null, situation: Situation, tolerance: number): Verdict {
  const base = { result: ID, measure: 'relative gap of the normalized margin', tolerance };
  if (problem === null) return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  const margin = parameterMarginOf(situation, trained.parameters);
  const value = 1 - margin / problem.margin;
  const says = `The normalized margin of the network is ${inWords(margin, 6)}; the largest of any width is ${inWords(problem.margin, 6)}`;
  if (value < -ROUNDING) {
    return { ...base, outcome: 'disagrees', value, says: `${says}: it lies above by ${inWords(-value)}, which no network can.` };
  }
  if (value <= tolerance) {
    return { ...base, outcome: 'agrees', value, says: `${says}: ${inWords(100 * Math.max(0, value))} % below, and never above.` };
  }
  const change = lateChange(trained);
  if (change === null || change > tolerance / 10) {
    const still = change === null ? '' : ` and has grown by ${inWords(100 * change)} % over the last decade of −ln ℒ`;
    return { ...base, outcome: 'inconclusive', value, says: `${says}: ${inWords(100 * value)} % below${still}.` };
  }
  return {
    ...base,
    outcome: 'disagrees',
    value,
    says: `${says}: ${inWords(100 * value)} % below, where it has settled. A narrow network may stop at a stationary point that is not the best.`,
  };
}

function settledLimit(trained: Trained): Condition {
  const change = lateChange(trained);
  return change === null
    ? condition(LIMIT, 'unknown', 'the run is too short to tell')
    : condition(
        LIMIT,
        change <= TOLERANCE ? true : 'unknown',
        `the normalized margin has changed by ${inWords(100 * change)} % over the last decade of −ln ℒ`,
      );
}

/** Relative change of the normalized margin since −ln ℒ was a tenth of its final value; null where the run has no such decade. */
function lateChange({ trajectory, logLoss }: Trained): number | null {
  const losses = trajectory['logLoss'];
  const margins = trajectory['parameterMargin'];
  if (losses === undefined || margins === undefined || !(logLoss < -10)) return null;
  const k = losses.findIndex((value, i) => value <= logLoss / 10 && margins[i] > 0);
  return k < 0 || k === losses.length - 1 ? null : Math.abs(margins[margins.length - 1] / margins[k] - 1);
}
