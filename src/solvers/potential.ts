import { matTVec, matVec } from '../numerics/dense';
import { inWords } from '../numerics/in-words';
import { norm2, normInf } from '../numerics/vectors';
import { consistentSystem, relativeViolation, type ConsistentSystem } from './consistent-system';
import { followDualPath, weightedGram } from './dual-path';
import { SolverError, type Answer } from './reference-problem';
import type { SeparablePotential } from './separable-potential';

/**
 * min Σ_i R_i(w_i) subject to Xw = y: w = B(Xᵀν) with X B(Xᵀν) = y, the optimality condition of the concave dual
 * max yᵀν − Σ_i R_i*((Xᵀν)_i) in one unknown an equation (Woodworth et al. 2020, Theorem 1 and appendix A).
 *
 * The dual is followed from y ∝ its value at ν = 0 to y (`dual-path.ts`), then w is improved by Newton steps on the optimality
 * conditions in (w, ν), so that Xw = y holds to rounding even where s = Xᵀν is so close to the end of its domain that B(s) is not
 * known well. The certificate is computed from w and ν alone: by Fenchel and Young
 * R(w) − (yᵀν − R*(Xᵀν)) = Σ_i [R_i(w_i) + R_i*(s_i) − w_i s_i] for Xw = y, a sum of terms ≥ 0; relative to Σ|(w_i − B_i(0))s_i|.
 * The larger of it and the relative violation of Xw = y is the certificate's value.
 * @param x samples × features, row-major, features = potential.size
 * @throws SolverError "infeasible" when Xw = y has no solution, "no-convergence" when none is found inside the domain of R
 */
export function minimumPotential(
  potential: SeparablePotential,
  x: Float64Array,
  y: Float64Array,
  samples: number,
  features: number,
): Answer {
  const system = consistentSystem('potential', x, y, samples, features);
  const { mu, w } = followDualPath(potential, system);
  const problem: Problem = { potential, x, y, samples, features };
  const best = polish(problem, system, w, mu);
  if (!(worst(best) <= ACCEPTABLE)) {
    throw new SolverError('potential', 'no-convergence', `the best point has relative gap ${best.gap} and violation ${best.violation}`);
  }
  let objective = 0;
  for (let i = 0; i < features; i++) objective += potential.value(i, best.point[i]);
  const { gap, violation } = best;
  return {
    point: best.point,
    multipliers: best.multipliers,
    objective,
    certificate: {
      kind: 'duality-gap',
      value: Math.max(gap, violation),
      says: `relative duality gap ${inWords(gap, 2)} by Fenchel and Young, Xw = y holds to ${inWords(violation, 2)} relatively`,
    },
  };
}

/** A point whose certificate is worse is no answer. */
const ACCEPTABLE = 1e-6;

interface Problem {
  readonly potential: SeparablePotential;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly samples: number;
  readonly features: number;
}

interface Judged {
  readonly point: Float64Array;
  readonly multipliers: Float64Array;
  readonly gap: number;
  readonly violation: number;
}

/** More do not help: the steps converge quadratically, or linearly at the rate at which B′ is known. */
const POLISHING_STEPS = 8;

/** At this accuracy there is nothing left to polish. */
const POLISHED = 4 * Number.EPSILON;
/** At this accuracy Newton's steps need no help. */
const ROUNDED = 1e-14;

/** Fractions of the largest weight below which a coordinate takes no part in a correction; the first that helps is taken. */
const CUTS = [1e-12, 1e-8, 1e-4];

/**
 * Newton steps on R′(w) = Qᵀμ, Xw = y in both unknowns, as long as they make the certificate smaller; and where they do not,
 * corrections of Xw = y alone, in which a coordinate moves in proportion to B′ = 1/R″.
 */
function polish(problem: Problem, system: ConsistentSystem, start: Float64Array, startMu: Float64Array): Judged {
  const { potential, features } = problem;
  const { rank, q } = system;
  let mu = startMu;
  let best = judge(problem, start, system.multipliers(mu));
  const s = new Float64Array(features);
  const weights = new Float64Array(features);
  const pull = new Float64Array(features);
  const shift = new Float64Array(rank);
  const image = new Float64Array(rank);
  for (let step = 0; step < POLISHING_STEPS && worst(best) > POLISHED; step++) {
    const w = best.point;
    matTVec(q, rank, features, mu, s);
    for (let i = 0; i < features; i++) {
      const sigma = potential.mirror(i, w[i]);
      weights[i] = slopeNear(potential, i, sigma, s[i], w[i]);
      pull[i] = weights[i] * (sigma - s[i]);
    }
    const before = best;
    // Where only rounding of the data is left to be met, ν shall not leave its scale.
    const solve = weightedGram(q, rank, features, weights, (Number.EPSILON * norm2(w)) / Math.max(normInf(s), Number.MIN_VALUE));
    if (solve === null) break;
    missing(problem, system, w, shift);
    matVec(q, rank, features, pull, image);
    for (let k = 0; k < rank; k++) shift[k] += image[k];
    solve(shift);
    const next = new Float64Array(features);
    matTVec(q, rank, features, shift, next);
    for (let i = 0; i < features; i++) next[i] = w[i] + weights[i] * next[i] - pull[i];
    const nextMu = mu.map((m, k) => m + shift[k]);
    const moved = judge(problem, next, system.multipliers(nextMu));
    if (worst(moved) < worst(best)) {
      best = moved;
      mu = nextMu;
    }
    const largest = normInf(weights);
    for (const cut of CUTS) {
      if (worst(best) <= ROUNDED) break;
      const corrected = correct(problem, system, best.point, weights, cut * largest);
      const kept = corrected === null ? best : judge(problem, corrected, best.multipliers);
      if (worst(kept) < worst(best)) best = kept;
    }
    if (best === before) break;
  }
  return best;
}

/** w + D Qᵀ(Q D Qᵀ + ridge)⁻¹(c − Qw) with D = diag(weights). */
function correct(problem: Problem, system: ConsistentSystem, w: Float64Array, weights: Float64Array, ridge: number): Float64Array | null {
  const { rank, q } = system;
  const shift = new Float64Array(rank);
  missing(problem, system, w, shift);
  const solve = weightedGram(q, rank, problem.features, weights, ridge);
  if (solve === null) return null;
  solve(shift);
  const out = new Float64Array(problem.features);
  matTVec(q, rank, problem.features, shift, out);
  for (let i = 0; i < problem.features; i++) out[i] = w[i] + weights[i] * out[i];
  return out;
}

/** out = c − Qw, from the residual of the original equations. */
function missing({ x, y, samples, features }: Problem, system: ConsistentSystem, w: Float64Array, out: Float64Array): void {
  const rest = new Float64Array(samples);
  matVec(x, samples, features, w, rest);
  for (let i = 0; i < samples; i++) rest[i] = y[i] - rest[i];
  system.reduce(rest, out);
}

function worst({ gap, violation }: Judged): number {
  return Math.max(gap, violation);
}

/** B′ at R′(w), or where rounding has put that on the end of the domain, the largest slope that rounding still resolves. */
function slopeNear(potential: SeparablePotential, i: number, sigma: number, s: number, w: number): number {
  const [low, high] = potential.domain(i);
  for (const t of [sigma, s]) {
    const slope = t > low && t < high ? potential.inverseDerivative(i, t) : NaN;
    if (slope > 0 && slope < Infinity) return slope;
  }
  return Math.abs(w) / (Number.EPSILON * Math.abs(sigma));
}

/** Gap and violation of w, with ν drawn towards 0 by as little as brings Xᵀν into the domain after its rounding. */
function judge(problem: Problem, point: Float64Array, nu: Float64Array): Judged {
  const { potential, x, y, samples, features } = problem;
  // w starts from B(0), so what is left of that by cancellation is rounded to its size.
  const origin = point.map((_, i) => potential.inverse(i, 0));
  const violation = relativeViolation(x, y, samples, features, point, Math.max(normInf(point), normInf(origin)));
  const s = new Float64Array(features);
  matTVec(x, samples, features, nu, s);
  let gap = relativeGap(potential, point, s, 1);
  let factor = 1;
  for (let shrink = 2 * Number.EPSILON; shrink < 1e-6 && !(gap < 1e-13); shrink *= 4) {
    const other = relativeGap(potential, point, s, 1 - shrink);
    if (other < gap) {
      gap = other;
      factor = 1 - shrink;
    } else if (gap < Infinity) {
      break;
    }
  }
  return { point, multipliers: nu.map((t) => t * factor), gap, violation: violation === violation ? violation : Infinity };
}

function relativeGap(potential: SeparablePotential, w: Float64Array, s: Float64Array, factor: number): number {
  let total = 0;
  let size = 0;
  for (let i = 0; i < w.length; i++) {
    const t = factor * s[i];
    total += fenchelYoung(potential, i, w[i], t);
    size += Math.abs((w[i] - potential.inverse(i, 0)) * t);
  }
  if (total === 0) return 0;
  const gap = total / size;
  return gap === gap ? gap : Infinity;
}

/** Nodes in (0, 1) and weights of Gauss and Legendre, five points. */
const NODES = [0.04691007703066802, 0.23076534494715845, 0.5, 0.7692346550528415, 0.953089922969332];
const WEIGHTS = [0.11846344252809454, 0.23931433524968324, 0.28444444444444444, 0.23931433524968324, 0.11846344252809454];

/**
 * R(w) + R*(s) − ws ≥ 0. It equals ∫ (B(t) − w) dt from R′(w) to s; where w ≈ B(s) that integral is taken, because the
 * three terms of the sum then cancel to nothing.
 */
function fenchelYoung(potential: SeparablePotential, i: number, w: number, s: number): number {
  const sigma = potential.mirror(i, w);
  const image = potential.inverse(i, s);
  if (Math.abs(image - w) <= 0.25 * Math.max(Math.abs(image), Math.abs(w)) && Number.isFinite(image)) {
    let integral = 0;
    for (let k = 0; k < NODES.length; k++) integral += WEIGHTS[k] * (potential.inverse(i, sigma + NODES[k] * (s - sigma)) - w);
    integral *= s - sigma;
    if (integral === integral && integral !== Infinity) return Math.abs(integral);
  }
  const [low, high] = potential.domain(i);
  if (!(s > low && s < high)) return Infinity;
  return Math.max(0, potential.value(i, w) + potential.conjugate(i, s) - w * s);
}
