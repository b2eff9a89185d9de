/**
 * L. Dinh, R. Pascanu, S. Bengio, Y. Bengio, Sharp minima can generalize for deep nets, ICML 2017: a unit that is positively homogeneous lets
 * T_c: (W₁, b₁, W₂) ↦ (cW₁, cb₁, W₂/c) leave the function as it is, while the sharpness goes to infinity.
 *
 * From ℒ∘T_c = ℒ the Hessian of the same function is ∇²ℒ(T_cθ) = T_c⁻¹ ∇²ℒ(θ) T_c⁻¹, so S(T_cθ) is the largest eigenvalue of the right-hand side, which
 * is foreseen from θ alone, and S(T_cθ)/c² → λ_max of the block of W₂. Both sides are computed, one at θ and one at T_cθ.
 */
import type { Experiment } from '../experiment/schema';
import { stabilityThreshold } from '../experiment/stability-threshold';
import { largestEigenvalue } from '../numerics/lanczos';
import type { Figure, Verdict } from '../protocol/report';
import { predictionOf } from './prediction';
import { growsAsForeseen, pushFrom } from './push';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';

const ID = 'dinh-2017-rescaling';

const FACTORS = [1, 2, 4, 10, 32, 100] as const;
/** Both are Ritz values with a residual of about 10⁻³, right to the square of it over a relative gap. */
const TOLERANCE = 1e-4;
/** Relative: a multiplication by c is rounded once, and once back. */
const SAME = 1e-11;

export const dinh2017Rescaling: PublishedResult = {
  id: ID,
  row: 'S7',
  title: 'One function, any sharpness: ReLU layers can be rescaled',
  statement:
    'Multiplying the first layer of a ReLU network by c and dividing the second by c changes no output, but the sharpness grows like c². Sharpness is no property of a function; ' +
    'for gradient descent it matters all the same: from some c on the same fit is not stable for the step that found it.',
  formula: 'f(cW₁, cb₁, W₂/c) = f(W₁, b₁, W₂),  ∇²ℒ(T_cθ) = T_c⁻¹∇²ℒ(θ)T_c⁻¹,  S(T_cθ)/c² → λ_max(∇²_{W₂}ℒ)',
  status: 'theorem',
  citation: {
    authors: 'Laurent Dinh, Razvan Pascanu, Samy Bengio, Yoshua Bengio',
    year: 2017,
    title: 'Sharp Minima Can Generalize For Deep Nets',
    venue: 'International Conference on Machine Learning, PMLR 70',
    url: 'https://proceedings.mlr.press/v70/dinh17b.html',
  },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'network' || loss.kind !== 'square' || !looksAtSharpness(experiment)) return null;
    const name = typeof model.activation === 'string' ? model.activation : model.activation.kind;
    const homogeneous = name === 'relu' || name === 'leaky-relu' || name === 'identity';
    return {
      regularizer: 'none',
      symbol: 'sharpness is no property of the function: S ~ c² under (cW₁, W₂/c)',
      conditions: [
        condition(
          'positively homogeneous units',
          homogeneous,
          homogeneous ? `${name}: φ(cz) = cφ(z) for c > 0` : `${name}: a rescaled network is another function`,
        ),
        condition(
          'no connections past the first layer',
          !model.residual,
          model.residual ? 'residual' : 'every path goes through both layers',
        ),
        condition('both layers are trained', model.trainable === 'all', model.trainable === 'all' ? 'all layers' : 'the first layer alone'),
      ],
      modelNote: 'layers can be rescaled without changing the function',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = dinh2017Rescaling.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** The result is about what sharpness says of stability: it speaks where a file records their ratio, or names the result. */
function looksAtSharpness({ record, expect }: Experiment): boolean {
  return record.measures?.includes('sharpnessRatio') === true || expect?.result === ID;
}

function examine(situation: Situation, outline: Outline): Examination {
  return {
    prediction: predictionOf(dinh2017Rescaling, outline, [...outline.conditions]),
    withoutReference: true,
    measures: ['loss', 'gradientNorm', 'sharpness', 'sharpnessRatio', 'parameterNorm'],
    companions: [],
    solve: () => Promise.resolve(null),
    judge: (trained) => judge(trained, situation),
    figuresAtEnd: true,
    figures: (trained) => rescalingFigure(trained, situation),
  };
}

/** The diagonal of T_c: c on W₁ and b₁, 1/c on W₂, 1 elsewhere. */
function diagonal({ model }: Situation, c: number): Float64Array {
  const t = new Float64Array(model.parameterCount).fill(1);
  for (const { name, offset, rows, columns } of model.blocks) {
    if (name === 'W1' || name === 'b1') t.fill(c, offset, offset + rows * columns);
    if (name === 'W2') t.fill(1 / c, offset, offset + rows * columns);
  }
  return t;
}

interface Rescaled {
  readonly c: number;
  readonly theta: Float64Array;
  /** S(T_cθ) as measured there, and as foreseen from θ. */
  readonly measured: number;
  readonly foreseen: number;
  /** Largest difference of outputs, relative to the largest output. */
  readonly difference: number;
}

function rescalings(theta: Float64Array, situation: Situation): readonly Rescaled[] {
  const { curvature, model } = situation;
  const outputs = new Float64Array(model.samples);
  model.outputs(theta, outputs);
  const there = new Float64Array(model.samples);
  const scaled = new Float64Array(theta.length);
  return FACTORS.map((c) => {
    const t = diagonal(situation, c);
    const moved = theta.map((value, j) => t[j] * value);
    model.outputs(moved, there);
    const largest = outputs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = there.reduce((most, value, i) => Math.max(most, Math.abs(value - outputs[i])), 0) / (largest || 1);
    const measured = curvature.at(moved).sharpness();
    curvature.at(theta);
    const apply = (v: Float64Array, out: Float64Array): void => {
      for (let j = 0; j < v.length; j++) scaled[j] = v[j] / t[j];
      curvature.multiply(scaled, out);
      for (let j = 0; j < v.length; j++) out[j] /= t[j];
    };
    const { value: foreseen } = largestEigenvalue(theta.length, apply, LANCZOS);
    return { c, theta: moved, measured, foreseen, difference };
  });
}

const LANCZOS = { residual: 1e-4, products: 100 } as const;

function judge(trained: Trained, situation: Situation): Verdict {
  const base = {
    result: ID,
    measure: 'relative error of the rescaled sharpness',
    tolerance: situation.experiment.expect?.tolerance ?? TOLERANCE,
  };
  const all = rescalings(trained.parameters, situation);
  const value = all.reduce(
    (most, { measured, foreseen }) => Math.max(most, measured === foreseen ? 0 : Math.abs(measured / foreseen - 1)),
    0,
  );
  const difference = all.reduce((most, one) => Math.max(most, one.difference), 0);
  const [first, last] = [all[0], all[all.length - 1]];
  const says =
    `With the first layer times ${last.c} and the second divided by it the outputs differ by ${inWords(difference)}, and the sharpness goes from ` +
    `${inWords(first.measured, 4)} to ${inWords(last.measured, 4)}, ${inWords(last.measured / last.c ** 2, 4)} times c²; foreseen to ${inWords(value)}`;
  const kept = { ...base, value };
  if (!(last.measured > 0)) return { ...kept, outcome: 'inconclusive', says: `${says}: where the loss has no curvature, none can grow.` };
  if (!(difference <= SAME)) return { ...kept, outcome: 'disagrees', says: `${says}: another function.` };
  if (!(value <= base.tolerance)) return { ...kept, outcome: 'disagrees', says: `${says}.` };
  const { stepSize, experiment } = situation;
  const threshold = (stabilityThreshold(experiment.optimizer)?.factor ?? Number.NaN) / (stepSize ?? Number.NaN);
  const plain = experiment.optimizer.kind === 'gradient-descent' && experiment.optimizer.momentum === 0;
  const unstable = all.find(({ measured }) => measured > threshold);
  if (!plain || trained.outcome !== 'converged' || unstable === undefined || first.measured > threshold)
    return { ...kept, outcome: 'agrees', says: `${says}.` };
  const push = pushFrom(unstable.theta, situation);
  if (push === null) return { ...kept, outcome: 'agrees', says: `${says}.` };
  const aStep = (growth: number): string => inWords(Math.pow(growth, 1 / push.steps), 4);
  const said =
    `${says}. The step is stable up to ${inWords(threshold)}: at c = ${unstable.c} a push grows ${aStep(push.measured)}-fold in a step, ` +
    `foreseen ${aStep(push.foreseen)}-fold`;
  return { ...kept, outcome: growsAsForeseen(push) ? 'agrees' : 'disagrees', says: `${said}.` };
}

function rescalingFigure(trained: Trained, situation: Situation): readonly Figure[] {
  const all = rescalings(trained.parameters, situation);
  const x = all.map(({ c }) => c);
  const { stepSize, experiment } = situation;
  const threshold = (stabilityThreshold(experiment.optimizer)?.factor ?? Number.NaN) / (stepSize ?? Number.NaN);
  return [
    {
      kind: 'chart',
      id: 'rescaled-sharpness',
      title: 'Sharpness of the same function under rescaling',
      says: `From c = 1 to ${x[x.length - 1]} the sharpness goes from ${inWords(all[0].measured, 4)} to ${inWords(all[all.length - 1].measured, 4)}; no output changes.`,
      x: { label: 'c: W₁ times c, W₂ over c', scale: 'log' },
      y: { label: 'λ_max(∇²ℒ)', scale: 'log' },
      series: [
        { name: 'measured at the rescaled network', style: 'points', x, y: all.map(({ measured }) => measured) },
        { name: 'foreseen from the trained one', style: 'line', x, y: all.map(({ foreseen }) => foreseen) },
        ...(Number.isFinite(threshold)
          ? [{ name: 'threshold of stability', style: 'line' as const, x: [x[0], x[x.length - 1]], y: [threshold, threshold] }]
          : []),
      ],
    },
  ];
}
