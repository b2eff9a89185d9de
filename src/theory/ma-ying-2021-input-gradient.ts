/**
 * C. Ma, L. Ying, On linear stability of SGD and input-smoothness of neural networks, NeurIPS 2021.
 *
 * The first layer multiplies the input, f(x) = F(W1x): ∇_W1 f = p xᵀ and ∇_x f = W1ᵀp, so ‖∇_x f(x_i)‖ ≤ ‖W1‖₂ ‖∇_W1 f(x_i)‖_F/‖x_i‖. What stability bounds in the
 * parameters it bounds in the input. The form here is the one of order two,
 *   (1/n) Σ ‖∇_x f(x_i)‖² ≤ (‖W1‖₂²/min‖x_i‖²) tr H,   H = (1/n) Σ ∇f(x_i)∇f(x_i)ᵀ,
 * with tr H ≤ 2/η where SGD with batches of one is stable in mean square, and tr H ≤ rank · λ_max ≤ 2 min(n, P)/η where gradient descent is stable. With a bias in
 * the first layer the input is (x, 1). The constants of the paper's own statement on Sobolev seminorms are others; this is its argument, carried out.
 */
import type { Experiment } from '../experiment/schema';
import { meanSquaredInputGradient } from '../measures/input-gradient';
import { largestGramEigenvalue } from '../numerics/symmetric-eigen';
import type { Condition, Verdict } from '../protocol/report';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import {
  beyondTheEdge,
  EDGE,
  gradientsAt,
  meanSharpness,
  meanStep,
  plainStepsCondition,
  settledMinimum,
  squareLossOf,
} from './settled-minimum';
import { condition, inWords } from './wording';

const ID = 'ma-ying-2021-input-gradient';
const ROUNDING = 1e-9;

export const maYing2021InputGradient: PublishedResult = {
  id: ID,
  row: 'S5',
  title: 'Stable minima are smooth in the input',
  statement:
    'Weights of the first layer multiply the input, so a network that is flat in its parameters is flat in its input: at a fit of every sample the mean squared ' +
    'input gradient is at most ‖W₁‖₂²/min‖xᵢ‖² times the trace of the Hessian, which a stable step bounds. A bound, far from tight for deep networks.',
  formula: '(1/n) Σ ‖∇ₓf(xᵢ)‖² ≤ (‖W₁‖₂²/min‖xᵢ‖²) tr H;  tr H ≤ 2/η for stable SGD with B = 1, ≤ 2 min(n, P)/η for gradient descent',
  status: 'theorem',
  citation: {
    authors: 'Chao Ma, Lexing Ying',
    year: 2021,
    title: 'On Linear Stability of SGD and Input-Smoothness of Neural Networks',
    venue: 'Advances in Neural Information Processing Systems 34',
    url: 'https://arxiv.org/abs/2105.13462',
  },

  outline(experiment) {
    const { model } = experiment;
    if (model.kind !== 'network' || !squareLossOf(experiment)) return null;
    return {
      regularizer: 'input-gradient',
      symbol: '(1/n) Σ ‖∇ₓf(xᵢ)‖² ≤ (‖W₁‖₂²/min‖xᵢ‖²) tr H',
      conditions: [plainStepsCondition(experiment.optimizer)],
      modelNote: 'stable minima are smooth in the input',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = maYing2021InputGradient.outline(situation.experiment);
    return Promise.resolve(outline === null || situation.model.outputsPerSample !== 1 ? null : examine(situation, outline));
  },
};

/** min ‖x̃_i‖², x̃ = x or (x, 1) with a bias in the first layer. */
function leastSquare({ data: { x, samples, features }, experiment: { model } }: Situation): number {
  const extra = model.kind === 'network' && model.bias !== 'none' ? 1 : 0;
  let least = Infinity;
  for (let i = 0; i < samples; i++) {
    let square = extra;
    for (let k = 0; k < features; k++) square += x[i * features + k] ** 2;
    least = Math.min(least, square);
  }
  return least;
}

function zeroCondition(least: number, { model }: Experiment): Condition {
  const withBias = model.kind === 'network' && model.bias !== 'none';
  return condition(
    'no input is 0',
    least > 0,
    least > 0
      ? `the least ‖x‖ is ${inWords(Math.sqrt(least))}${withBias ? ', x with a 1 for the bias' : ''}`
      : 'an input is 0: there the first layer has no gradient, whatever the slope',
  );
}

/** What the step allows tr H, for the loss over the mean. */
function traceBound(
  { experiment: { optimizer }, model, data }: Situation,
  step: number,
): { readonly value: number; readonly says: string } {
  const single = optimizer.kind === 'sgd' && optimizer.batchSize === 1;
  const rank = single ? 1 : Math.min(data.samples, model.parameterCount);
  return { value: (2 * rank) / step, says: single ? '2/η' : `2·${rank}/η` };
}

function examine(situation: Situation, outline: Outline): Examination {
  const settled = settledMinimum(situation);
  const least = leastSquare(situation);
  const conditions = [...outline.conditions, zeroCondition(least, situation.experiment)];
  // A weak bound, on any network: a verdict is about it where the file asks. Elsewhere it stands among what was considered.
  const asked = situation.experiment.expect?.result === ID;
  const applies = asked && conditions.every(({ holds }) => holds === true);
  const { says } = traceBound(situation, 1);
  return {
    prediction: predictionOf(
      maYing2021InputGradient,
      { ...outline, symbol: `${outline.symbol}, tr H ≤ ${says}` },
      [...conditions, settled.condition],
      applies,
    ),
    withoutReference: true,
    measures: ['loss', 'gradientNorm', 'sharpness', 'hessianTrace', 'inputGradient'],
    companions: [],
    ...(applies && { settle: (trained: Trained) => [...conditions, settled.after(trained)] }),
    solve: () => Promise.resolve(null),
    judge: (trained) => settled.verdictElsewhere(trained, ID) ?? judge(trained, situation, least),
  };
}

function judge(trained: Trained, situation: Situation, least: number): Verdict {
  const { parameters } = trained;
  const { model, data } = situation;
  const step = meanStep(situation);
  const jacobian = gradientsAt(situation, parameters);
  const [first] = model.blocks;
  const norm = largestGramEigenvalue(parameters.slice(first.offset, first.offset + first.rows * first.columns), first.rows, first.columns);
  const trace = jacobian.reduce((sum, entry) => sum + entry * entry, 0) / data.samples;
  const value = meanSquaredInputGradient(model, parameters, jacobian, data.x);
  const byTrace = (norm / least) * trace;
  const allowed = traceBound(situation, step);
  const tolerance = (norm / least) * allowed.value * (1 + (situation.experiment.expect?.tolerance ?? EDGE));
  const base = { result: ID, measure: 'mean squared input gradient', value, tolerance };
  const seen =
    `(1/n) Σ ‖∇ₓf‖² = ${inWords(value, 4)} ≤ (‖W₁‖²/min‖x‖²) tr H = ${inWords(norm / least, 4)} · ${inWords(trace, 4)} = ${inWords(byTrace, 4)}; ` +
    `the step allows tr H up to ${allowed.says} = ${inWords(allowed.value, 4)}, so ${inWords((norm / least) * allowed.value, 4)}`;
  if (value > byTrace * (1 + ROUNDING))
    return { ...base, outcome: 'disagrees', says: `${seen.replace('≤', 'against')}: the order is broken.` };
  const sharpness = meanSharpness(jacobian, situation);
  if (sharpness > (2 / step) * (1 + EDGE)) return { ...base, ...beyondTheEdge(trained, situation, value > tolerance, seen) };
  if (trace > allowed.value * (1 + EDGE)) {
    return {
      ...base,
      outcome: 'inconclusive',
      says: `${seen}. The trace is above what a minimum has that is stable in mean square, so the run says nothing of those.`,
    };
  }
  if (value > tolerance) return { ...base, outcome: 'disagrees', says: `${seen}: more than the step allows.` };
  return { ...base, outcome: 'agrees', says: `${seen}: ${inWords(tolerance / value, 2)} times as much would be allowed.` };
}
