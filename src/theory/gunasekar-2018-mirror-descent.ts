/**
 * S. Gunasekar, J. Lee, D. Soudry, N. Srebro, Characterizing implicit bias in terms of optimization geometry, ICML 2018, PMLR 80.
 * Theorem 1: on a linear model and a loss with a unique finite root, mirror descent on a potential ψ, from any start and with any step
 * sizes with which it converges to an interpolator, converges to argmin D_ψ(w, w(0)) s.t. Xw = y: ∇ψ(w(t)) − ∇ψ(w(0)) stays in the span
 * of the inputs. Mirror descent on ψ = ½wᵀPw is steepest descent in the norm ‖·‖_P.
 */
import type { Experiment } from '../experiment/schema';
import { flatMatrix } from '../numerics/create-norm';
import { relativeDistance } from '../measures/agreement';
import { choleskyInPlace } from '../numerics/cholesky';
import { solveLower, solveLowerTransposed } from '../numerics/pivoted-lq';
import type { Condition, Reference, Verdict } from '../protocol/report';
import { minimumNorm } from '../solvers/minimum-norm';
import { minimumPotential } from '../solvers/potential';
import type { Answer } from '../solvers/reference-problem';
import { largestSignedSlack } from '../solvers/signed-solution';
import { exponentialPotential } from './exponential-potential';
import { interpolationCondition } from './interpolation';
import { powerPotential } from './power-potential';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'gunasekar-2018-mirror-descent';

/** The gradient vanishes to 13 digits; six of them are left to the condition of the problem in the metric of the potential. */
const TOLERANCE = 1e-7;

/** The potentials of the theorem, as this file knows them. */
type Geometry =
  | { readonly kind: 'p-norm'; readonly p: number }
  | { readonly kind: 'entropy' }
  | { readonly kind: 'hypentropy'; readonly beta: number }
  | { readonly kind: 'quadratic'; readonly matrix: readonly (readonly number[])[] };

export const gunasekar2018MirrorDescent: PublishedResult = {
  id: ID,
  row: 'R2',
  title: 'Mirror descent: the interpolator closest to the start in the Bregman divergence',
  statement:
    'Mirror descent on a linear model with the square loss moves ∇ψ(w) in the span of the inputs only. Whenever it converges to a ' +
    'solution of Xw = y, that is the one closest to the start in the Bregman divergence of its potential ψ, whatever the step size.',
  formula: 'w(∞) = argmin D_ψ(w, w(0)) s.t. Xw = y,  D_ψ(w, v) = ψ(w) − ψ(v) − ∇ψ(v)·(w − v)',
  status: 'theorem',
  citation: {
    authors: 'Suriya Gunasekar, Jason Lee, Daniel Soudry, Nathan Srebro',
    year: 2018,
    title: 'Characterizing Implicit Bias in Terms of Optimization Geometry',
    venue: 'International Conference on Machine Learning, PMLR 80',
    locus: 'Theorem 1',
    url: 'https://proceedings.mlr.press/v80/gunasekar18a.html',
  },

  outline(experiment) {
    const geometry = geometryOf(experiment);
    if (experiment.model.kind !== 'linear' || experiment.loss.kind !== 'square' || geometry === null) return null;
    return {
      regularizer: `${geometry.kind}-divergence`,
      symbol: symbolOf(geometry, experiment),
      conditions: [settlingCondition(experiment)],
      modelNote: experiment.model.bias ? 'the bias counts like a weight of a constant feature 1' : null,
      optimizerNote: 'the limit does not depend on the step size',
    } satisfies Outline;
  },

  async examine(situation) {
    const outline = gunasekar2018MirrorDescent.outline(situation.experiment);
    const geometry = geometryOf(situation.experiment);
    return outline === null || geometry === null ? null : examine(situation, outline, geometry);
  },
};

function geometryOf({ optimizer }: Experiment): Geometry | null {
  if (optimizer.kind === 'steepest-descent') return typeof optimizer.norm === 'string' ? null : optimizer.norm;
  if (optimizer.kind !== 'mirror-descent') return null;
  return optimizer.potential === 'entropy' ? { kind: 'entropy' } : optimizer.potential;
}

function symbolOf(geometry: Geometry, { init }: Experiment): string {
  const fromZero = init.kind === 'zero' || ('scale' in init && init.scale === 0);
  switch (geometry.kind) {
    case 'p-norm':
      return fromZero
        ? `min ‖w‖_p s.t. Xw = y, p = ${inWords(geometry.p)}`
        : `min D_ψ(w, w(0)) s.t. Xw = y, ψ = ‖w‖_p^p / p, p = ${inWords(geometry.p)}`;
    case 'entropy':
      return 'min Σ w ln(w/w(0)) − w s.t. Xw = y';
    case 'hypentropy':
      return fromZero
        ? `min hypentropy s.t. Xw = y, β = ${inWords(geometry.beta)}`
        : `min D_ψ(w, w(0)) s.t. Xw = y, hypentropy, β = ${inWords(geometry.beta)}`;
    case 'quadratic':
      return fromZero ? 'min wᵀPw s.t. Xw = y' : 'min (w − w(0))ᵀP(w − w(0)) s.t. Xw = y';
    default:
      return geometry satisfies never;
  }
}

function settlingCondition({ optimizer }: Experiment): Condition {
  const text = 'steps that settle';
  if (optimizer.kind !== 'mirror-descent' && optimizer.kind !== 'steepest-descent') return condition(text, false, optimizer.kind);
  if (optimizer.normalize !== 'none')
    return condition(text, false, `steps divided by the ${optimizer.normalize} do not shrink at the solution`);
  return optimizer.kind === 'mirror-descent'
    ? condition(text, true, 'mirror descent; that it converges is seen in the run')
    : condition(text, true, 'steepest descent in a quadratic norm is mirror descent on ½wᵀPw; that it converges is seen in the run');
}

async function examine(situation: Situation, outline: Outline, geometry: Geometry): Promise<Examination> {
  const { experiment, facts } = situation;
  const conditions = [...outline.conditions, interpolationCondition(facts, 'w')];
  if (geometry.kind === 'entropy' && facts.consistent) conditions.push(await positiveCondition(situation));
  const applies = conditions.every(({ holds }) => holds === true);
  return {
    prediction: predictionOf(gunasekar2018MirrorDescent, outline, conditions),
    measures: ['loss', 'gradientNorm', 'distance', 'l1Norm', 'l2Norm'],
    companions: [],
    solve: () => Promise.resolve(applies ? solve(situation, outline, geometry) : null),
    judge: (trained, reference) => judge(trained, reference, experiment),
  };
}

/** Rounding of the linear program, whose coefficients and slack are of order one. */
const SLACK = 1e-9;

async function positiveCondition({ facts, data, linearPrograms }: Situation): Promise<Condition> {
  const text = 'a positive solution of Xw = y';
  const signs = new Int8Array(facts.width).fill(1);
  const slack = largestSignedSlack(facts.inputs, data.y, data.samples, facts.width, signs, await linearPrograms());
  if (slack > SLACK) return condition(text, true, 'a linear program finds one');
  return slack < -SLACK
    ? condition(
        text,
        false,
        'the entropy lives on positive w, and a linear program shows that no w ≥ 0 solves Xw = y; hypentropy allows both signs',
      )
    : condition(text, 'unknown', 'every solution with w ≥ 0 has zeros, which are reached only in the limit');
}

function solve(situation: Situation, outline: Outline, geometry: Geometry): Reference {
  const answer = closest(situation, geometry);
  return {
    id: 'closest',
    title: 'Interpolator closest to the start in the Bregman divergence',
    regularizer: outline.regularizer,
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

function closest({ facts, data, start }: Situation, geometry: Geometry): Answer {
  const solved = (potential: Parameters<typeof minimumPotential>[0]): Answer =>
    minimumPotential(potential, facts.inputs, data.y, data.samples, facts.width);
  switch (geometry.kind) {
    case 'p-norm':
      return solved(powerPotential(geometry.p, start));
    case 'entropy':
      return solved(exponentialPotential(start, new Float64Array(start.length)));
    case 'hypentropy': {
      // β sinh(s + θ) = A e^s − B e^(−s) with 2√(AB) = β and A − B = w(0).
      const half = geometry.beta / 2;
      const theta = start.map((w) => Math.asinh(w / geometry.beta));
      return solved(
        exponentialPotential(
          theta.map((t) => half * Math.exp(t)),
          theta.map((t) => half * Math.exp(-t)),
        ),
      );
    }
    case 'quadratic':
      return leastQuadratic(facts.inputs, data.y, data.samples, flatMatrix(geometry.matrix), start);
    default:
      return geometry satisfies never;
  }
}

/** min ‖Lᵀ(w − w₀)‖₂ s.t. Xw = y with P = LLᵀ, in v = Lᵀw: the rows of X become L⁻¹x_i. The certificate is that of the problem in v. */
function leastQuadratic(x: Float64Array, y: Float64Array, samples: number, matrix: Float64Array, start: Float64Array): Answer {
  const d = start.length;
  const l = Float64Array.from(matrix);
  choleskyInPlace(l, d);
  const rows = Float64Array.from(x);
  for (let i = 0; i < samples; i++) solveLower(l, d, d, rows.subarray(i * d, (i + 1) * d));
  const origin = new Float64Array(d);
  for (let j = 0; j < d; j++) for (let i = j; i < d; i++) origin[j] += l[i * d + j] * start[i];
  const answer = minimumNorm(rows, y, samples, d, origin);
  const point = Float64Array.from(answer.point);
  solveLowerTransposed(l, d, d, point);
  return { ...answer, point };
}

function judge(trained: Trained, reference: Reference | null, { expect }: Experiment): Verdict {
  const tolerance = expect?.tolerance ?? TOLERANCE;
  const base = { result: ID, measure: 'relative-distance', tolerance };
  if (reference?.predictor == null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const value = relativeDistance(trained.predictor, Float64Array.from(reference.predictor));
  if (value <= tolerance) {
    return {
      ...base,
      outcome: 'agrees',
      value,
      says: `w is ${inWords(value)} from the closest interpolator in the Bregman divergence, within ${inWords(tolerance)}.`,
    };
  }
  return trained.outcome === 'converged'
    ? {
        ...base,
        outcome: 'disagrees',
        value,
        says: `w came to rest ${inWords(value)} from the closest interpolator in the Bregman divergence, more than ${inWords(tolerance)}.`,
      }
    : {
        ...base,
        outcome: 'inconclusive',
        value,
        says: `The run ended before it converged; w is ${inWords(value)} from the closest interpolator.`,
      };
}
