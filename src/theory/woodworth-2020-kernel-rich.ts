/**
 * B. Woodworth, S. Gunasekar, J. D. Lee, E. Moroshko, P. Savarese, I. Golan, D. Soudry, N. Srebro,
 * Kernel and rich regimes in overparametrized models, COLT 2020, PMLR 125.
 *
 * Gradient flow on x ↦ (u^D − v^D)·x from u = v = α·1 reaches the interpolator that minimises Q^D_α, which goes from the ℓ1 norm
 * (α → 0) to the ℓ2 norm (α → ∞). D = 2: Theorem 1, Q_α(w) = Σ α² q(w_i/α²), q(z) = 2 − √(4 + z²) + z asinh(z/2).
 * D ≥ 3: Theorem 3, Q^D_α(w) = α^D Σ q_D(w_i/α^D), q_D = ∫ h_D⁻¹, h_D(z) = (1−z)^(−D/(D−2)) − (1+z)^(−D/(D−2)).
 * A start with u ≠ v is covered by the same integration of the flow (see tied-diagonal-potential.ts).
 */
import type { Experiment } from '../experiment/schema';
import { norm2 } from '../numerics/vectors';
import type { Condition, Reference, Verdict } from '../protocol/report';
import { minimumPotential } from '../solvers/potential';
import { besideFiniteStep, flowCondition, judgeFlowLimit } from './flow-limit';
import { interpolationCondition } from './interpolation';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { tiedDiagonalPotential } from './tied-diagonal-potential';
import { condition, inWords, superscript } from './wording';

const ID = 'woodworth-2020-kernel-rich';

export const woodworth2020KernelRich: PublishedResult = {
  id: ID,
  row: 'R3',
  title: 'Tied diagonal network: between ℓ1 and ℓ2 by the scale of the init',
  statement:
    'Gradient flow on the square loss of x ↦ (u^D − v^D)·x, started at u = v = α, reaches the interpolator that minimises an explicit ' +
    'potential Q: close to the ℓ1 norm for small α (rich regime), close to the ℓ2 norm for large α (kernel regime).',
  formula: 'w(∞) = argmin Q_α(w) s.t. Xw = y;  D = 2: Q_α(w) = Σ α² q(wᵢ/α²), q(z) = 2 − √(4+z²) + z asinh(z/2)',
  status: 'theorem',
  citation: {
    authors: 'Blake Woodworth, Suriya Gunasekar, Jason D. Lee, Edward Moroshko, Pedro Savarese, Itay Golan, Daniel Soudry, Nathan Srebro',
    year: 2020,
    title: 'Kernel and Rich Regimes in Overparametrized Models',
    venue: 'Conference on Learning Theory, PMLR 125',
    locus: 'Theorems 1 and 3',
    url: 'https://proceedings.mlr.press/v125/woodworth20a.html',
  },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'diagonal' || !model.tied || loss.kind !== 'square') return null;
    return {
      regularizer: model.depth === 2 ? 'hypentropy' : `power-potential-${model.depth}`,
      symbol: symbolOf(experiment),
      conditions: fileConditions(experiment),
      modelNote: modelNote(experiment),
      optimizerNote: experiment.optimizer.kind === 'gradient-descent' ? 'a finite step deviates from the flow by O(η)' : null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = woodworth2020KernelRich.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** α of a start with u = v = α·1, else null. */
function scaleOf({ init }: Experiment): number | null {
  if (init.kind === 'constant') return init.scale;
  if (init.kind !== 'explicit') return null;
  const values = init.parameters.flat();
  return values.length > 0 && values.every((value) => value === values[0]) ? values[0] : null;
}

/**
 * The potential compares w with α^D; coefficients of order one are what data usually asks for, so the scale alone already
 * says on which side the potential is.
 */
function symbolOf(experiment: Experiment): string {
  const { model } = experiment;
  const depth = model.kind === 'diagonal' ? model.depth : 2;
  const alpha = scaleOf(experiment);
  const name = depth === 2 ? 'hypentropy' : `Q${superscript(depth)}`;
  if (alpha === null) return `min ${name} divergence from w(0)`;
  const size = Math.pow(alpha, depth);
  const near = size <= 0.1 ? 'min ‖w‖₁-like' : size >= 10 ? 'min ‖w‖₂-like' : 'between min ‖w‖₁ and min ‖w‖₂';
  return `${near} (${name}, α = ${inWords(alpha)})`;
}

function modelNote(experiment: Experiment): string {
  const depth = experiment.model.kind === 'diagonal' ? experiment.model.depth : 2;
  const alpha = scaleOf(experiment);
  return alpha === null
    ? `depth ${depth}, own scale in every coordinate`
    : `depth ${depth}: coefficients small against α${superscript(depth)} = ${inWords(Math.pow(alpha, depth))} feel ℓ2, large ones ℓ1`;
}

function fileConditions({ optimizer, init }: Experiment): Condition[] {
  const conditions = [flowCondition(optimizer)];
  if (init.kind === 'zero')
    conditions.push(condition('a start with every u, v > 0', false, 'all parameters are 0, where the gradient vanishes'));
  return conditions;
}

interface Start {
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly condition: Condition;
  readonly balanced: boolean;
}

function startOf({ start, model, experiment }: Situation): Start {
  const depth = model.degree ?? 2;
  const d = model.features;
  // For even D the sign of an entry plays no role.
  const entry = (value: number): number => (depth % 2 === 0 ? Math.abs(value) : value);
  const u = start.slice(0, d).map(entry);
  const v = start.slice(d).map(entry);
  const bad = [...u, ...v].filter((value) => !(value > 0)).length;
  const balanced = u.every((value, j) => value === v[j]);
  const alpha = scaleOf(experiment);
  return {
    u,
    v,
    balanced,
    condition: condition(
      'a start with every u, v > 0',
      bad === 0,
      bad > 0
        ? `${bad} of ${2 * d} entries are ${depth % 2 === 0 ? 'zero and never move' : 'not positive'}`
        : balanced
          ? alpha === null
            ? 'u = v, so w(0) = 0; every coordinate has its own scale'
            : `u = v = ${inWords(alpha)}, so w(0) = 0`
          : 'u ≠ v: the Bregman divergence from w(0) takes the place of Q',
    ),
  };
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts, stepSize } = situation;
  const start = startOf(situation);
  const conditions = [...outline.conditions.filter(({ text }) => text !== start.condition.text), start.condition];
  conditions.push(interpolationCondition(facts, 'w'));
  const applies = conditions.every(({ holds }) => holds === true);
  const { formula } = woodworth2020KernelRich;
  return {
    prediction: {
      ...predictionOf(woodworth2020KernelRich, outline, conditions),
      formula: formulaFor(situation.model.degree ?? 2, start.balanced) ?? formula,
    },
    measures: ['loss', 'gradientNorm', 'distance', 'l1Norm', 'l2Norm', 'invariantDrift'],
    companions: applies ? besideFiniteStep(experiment, stepSize) : [],
    solve: () => Promise.resolve(applies ? solve(situation, start) : null),
    judge: (trained, reference, companions) =>
      unlessUnresolved(judgeFlowLimit(ID, trained, reference, companions, experiment), trained, reference, situation),
  };
}

/**
 * Far in the kernel regime w is a small difference of the large u^D and v^D. One rounding of every parameter moves it by
 * ε D (|u|^D + |v|^D); a distance within that is none that double precision could tell.
 */
function unlessUnresolved(verdict: Verdict, { parameters }: Trained, reference: Reference | null, { model }: Situation): Verdict {
  if (verdict.outcome !== 'disagrees' || verdict.value === null || reference?.predictor == null) return verdict;
  const depth = model.degree ?? 2;
  const d = model.features;
  const moved = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    moved[j] = Number.EPSILON * depth * (Math.abs(parameters[j]) ** depth + Math.abs(parameters[d + j]) ** depth);
  }
  const unresolved = norm2(moved) / (norm2(Float64Array.from(reference.predictor)) || 1);
  if (verdict.value > unresolved) return verdict;
  return {
    ...verdict,
    outcome: 'inconclusive',
    says:
      `w is ${inWords(verdict.value)} from the minimiser of the potential, but as the difference of much larger u${superscript(depth)} and ` +
      `v${superscript(depth)} it is known only to ${inWords(unresolved)} in double precision: take a smaller scale.`,
  };
}

function formulaFor(depth: number, balanced: boolean): string | null {
  if (!balanced)
    return 'w(∞) = argmin D_Q(w, w(0)) s.t. Xw = y, the Bregman divergence of the potential that the flow of (u, v) integrates to';
  if (depth === 2) return null;
  return (
    `w(∞) = argmin Q(w) s.t. Xw = y,  Q(w) = α${superscript(depth)} Σ q(wᵢ/α${superscript(depth)}),  q = ∫ h⁻¹,  ` +
    `h(z) = (1−z)^(−${depth}/${depth - 2}) − (1+z)^(−${depth}/${depth - 2})`
  );
}

function solve({ facts, data, model }: Situation, { u, v }: Start): Reference {
  const depth = model.degree ?? 2;
  const answer = minimumPotential(tiedDiagonalPotential(depth, u, v), facts.inputs, data.y, data.samples, facts.width);
  return {
    id: 'potential',
    title: depth === 2 ? 'Interpolator of least Q (hypentropy)' : `Interpolator of least Q (depth ${depth})`,
    regularizer: depth === 2 ? 'hypentropy' : `power-potential-${depth}`,
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}
