import { choleskyInPlace, choleskySolve } from '../numerics/cholesky';
import { matTVec, matVec } from '../numerics/dense';
import { pivotedLq, solveLower, solveLowerTransposed } from '../numerics/pivoted-lq';
import { dot, norm2, normInf } from '../numerics/vectors';
import type { ConsistentSystem } from './consistent-system';
import { SolverError } from './reference-problem';
import type { SeparablePotential } from './separable-potential';

/** Residual, relative to the way gone so far, that a point of the path may have. */
const NEAR = 0.05;
/** Rounding of Qw, relative to ‖w‖: no iteration goes below. */
const FLOOR = 8 * Number.EPSILON;
const MAX_STEPS = 400;
const MAX_NEWTON = 60;
/** Iterations without a halving of the residual, after which a smaller stride is tried. */
const PATIENCE = 12;
/** Residual, relative to the right-hand side, in whose neighbourhood Newton's method converges quadratically or has ended in rounding. */
const ROUNDING = 1e-6;

/** Room to the end of the domain, relative to the size of s, that rounding no longer resolves well. */
const SATURATED = 1e-11;
/** A stride in ln τ below this is no progress. */
const SHORTEST = 1e-2;

/** Where the path ended: μ, and w with Q w ≈ c to the accuracy that s = Qᵀμ in double precision allows. */
export interface DualPathEnd {
  readonly mu: Float64Array;
  readonly w: Float64Array;
}

/**
 * μ with Q B(Qᵀμ) = c, by Newton's method along the path c(τ) = c₀ + τ(c − c₀), c₀ = Q B(0), from τ ≈ 0 (where μ = 0 solves it) to τ = 1.
 *
 * Where the mirror map saturates (small initialisations) Newton's method at τ = 1 alone has an exponentially small region of
 * convergence; scaling the right-hand side scales that away, as the barrier's weight does in an interior-point method.
 * Steps are taken in ln τ, in which μ is nearly straight: μ ≈ ν_LP ln τ for hypentropy.
 *
 * s may come so close to the end of its domain that B(s) cannot be known in double precision. The path then ends early, at a ν that
 * is optimal to rounding already, and w is carried on in proportion to τ.
 * @throws SolverError "no-convergence" when the path ends early otherwise: Xw = y has no solution in the domain of the potential
 */
export function followDualPath(potential: SeparablePotential, system: ConsistentSystem): DualPathEnd {
  const path = new DualPath(potential, system);
  if (!path.start()) return path.end();
  let stride = 1;
  for (let step = 0; path.logTau < 0; step++) {
    if (step === MAX_STEPS || stride < SHORTEST) {
      if (path.saturated()) return path.end();
      throw new SolverError(
        'potential',
        'no-convergence',
        `no solution of Xw = y inside the domain of the potential was found: the path ends at ${Math.exp(path.logTau)} of y`,
      );
    }
    const iterations = path.advance(Math.min(stride, -path.logTau));
    if (iterations < 0) stride /= 3;
    else if (iterations <= 3) stride *= 2;
    else if (iterations > 8) stride /= 2;
  }
  path.correct(0);
  return path.end();
}

class DualPath {
  readonly mu: Float64Array;
  logTau = -Infinity;
  private readonly size: number;
  private readonly rank: number;
  private readonly origin: Float64Array;
  private readonly direction: Float64Array;
  private readonly s: Float64Array;
  private readonly w: Float64Array;
  private readonly slopes: Float64Array;
  /** Q B(s) − c(τ). */
  private readonly residual: Float64Array;
  private readonly trial: Float64Array;
  private readonly ds: Float64Array;

  constructor(
    private readonly potential: SeparablePotential,
    private readonly system: ConsistentSystem,
  ) {
    this.size = potential.size;
    this.rank = system.rank;
    this.mu = new Float64Array(this.rank);
    this.origin = new Float64Array(this.rank);
    this.s = new Float64Array(this.size);
    this.w = this.s.map((_, i) => potential.inverse(i, 0));
    this.slopes = new Float64Array(this.size);
    this.residual = new Float64Array(this.rank);
    this.trial = new Float64Array(this.rank);
    this.ds = new Float64Array(this.size);
    matVec(system.q, this.rank, this.size, this.w, this.origin);
    this.direction = system.c.map((t, k) => t - this.origin[k]);
  }

  /** The largest τ = 4⁻ᵏ that one Newton step from μ = 0 nearly reaches. False when μ = 0 is the answer already. */
  start(): boolean {
    if (!(norm2(this.direction) > FLOOR * (norm2(this.w) + norm2(this.system.c)))) return false;
    if (this.potential.degenerate === true) return this.startAtLeastNorm();
    this.linearise();
    const step = Float64Array.from(this.direction);
    this.solver(0)(step);
    for (this.logTau = 0; this.logTau > -1400; this.logTau -= Math.log(4)) {
      const tau = Math.exp(this.logTau);
      this.mu.set(step.map((t) => tau * t));
      if (this.evaluate(this.mu) && norm2(this.residual) <= 0.5 * tau * norm2(this.direction)) {
        if (this.correct(NEAR) >= 0) return true;
      }
    }
    throw new SolverError('potential', 'no-convergence', 'the dual problem cannot be started: the potential is not smooth at its minimum');
  }

  /** At the end of the path already, with the μ whose Qᵀμ is nearest to R′ of the interpolator closest to B(0). */
  private startAtLeastNorm(): boolean {
    const { rank, size, system, potential, s, w } = this;
    matTVec(system.q, rank, size, this.direction, s);
    for (let i = 0; i < size; i++) s[i] = potential.mirror(i, w[i] + s[i]);
    matVec(system.q, rank, size, s, this.mu);
    this.logTau = 0;
    return true;
  }

  end(): DualPathEnd {
    this.evaluate(this.mu);
    if (this.logTau === -Infinity) return { mu: this.mu, w: this.w };
    const growth = Math.exp(-this.logTau);
    const w = this.w.map((value, i) => {
      const origin = this.potential.inverse(i, 0);
      return origin + growth * (value - origin);
    });
    return { mu: this.mu, w };
  }

  saturated(): boolean {
    // s = Qᵀμ is rounded to the size of its largest entry.
    const size = normInf(this.s);
    return this.s.some((s, i) => {
      const [low, high] = this.potential.domain(i);
      return high - s <= SATURATED * Math.max(size, Math.abs(high)) || s - low <= SATURATED * Math.max(size, Math.abs(low));
    });
  }

  /** One predictor step of length `stride` in ln τ and its correction. Returns Newton iterations, −1 for a failure (nothing is changed then). */
  advance(stride: number): number {
    const before = Float64Array.from(this.mu);
    const from = this.logTau;
    const tau = Math.exp(from);
    this.evaluate(this.mu);
    this.linearise();
    const tangent = this.direction.map((t) => tau * t);
    this.solver(this.ridge())(tangent);
    matTVec(this.system.q, this.rank, this.size, tangent, this.ds);
    const length = Math.min(stride, this.roomFor(0.8));
    this.logTau = from + stride;
    if (this.logTau > -1e-12) this.logTau = 0;
    for (let k = 0; k < this.rank; k++) this.mu[k] += length * tangent[k];
    const iterations = this.correct(NEAR);
    if (iterations < 0) {
      this.mu.set(before);
      this.logTau = from;
    }
    return iterations;
  }

  /**
   * Damped Newton on the convex dual at the present τ until ‖residual‖ ≤ tolerance·τ‖direction‖, or with tolerance 0 until rounding stops it.
   * Returns the iterations, −1 when they do not suffice.
   */
  correct(tolerance: number): number {
    const { rank, system, mu, trial, residual, size } = this;
    const goal = tolerance * Math.exp(this.logTau) * norm2(this.direction);
    if (!this.evaluate(mu)) return -1;
    let best = Infinity;
    let mark = Infinity;
    let stalled = 0;
    const kept = Float64Array.from(mu);
    for (let iteration = 0; iteration <= MAX_NEWTON; iteration++) {
      const now = norm2(residual);
      if (now <= Math.max(goal, tolerance > 0 ? FLOOR * norm2(this.w) : 0)) return iteration;
      if (now < best) {
        best = now;
        kept.set(mu);
      }
      if (now < 0.5 * mark) {
        mark = now;
        stalled = 0;
      } else if (++stalled >= (best <= ROUNDING * norm2(system.c) ? 3 : PATIENCE)) {
        break;
      }
      this.linearise();
      const step = residual.map((t) => -t);
      this.solver(this.ridge())(step);
      const slope = dot(step, residual);
      matTVec(system.q, rank, size, step, this.ds);
      let length = Math.min(1, this.roomFor(0.95));
      // The dual is convex along the step, so its derivative there tells when too far was gone, without cancellation.
      for (let cut = 0; cut < 60; cut++) {
        for (let k = 0; k < rank; k++) trial[k] = mu[k] + length * step[k];
        if (this.evaluate(trial) && dot(step, residual) <= 0.5 * Math.abs(slope)) break;
        length *= 0.5;
      }
      mu.set(trial);
    }
    mu.set(kept);
    if (tolerance > 0) return -1;
    return MAX_NEWTON;
  }

  /** s, w and the residual at μ; false when w is not finite. */
  private evaluate(mu: Float64Array): boolean {
    const { potential, s, w, residual, rank, size, system } = this;
    matTVec(system.q, rank, size, mu, s);
    for (let i = 0; i < size; i++) {
      const value = potential.inverse(i, s[i]);
      if (!Number.isFinite(value)) return false;
      w[i] = value;
    }
    matVec(system.q, rank, size, w, residual);
    const tau = Math.exp(this.logTau);
    for (let k = 0; k < rank; k++) residual[k] -= this.origin[k] + tau * this.direction[k];
    return true;
  }

  private linearise(): void {
    for (let i = 0; i < this.size; i++) this.slopes[i] = this.potential.inverseDerivative(i, this.s[i]);
  }

  /** Levenberg's term: where the residual is rounding noise, the step shall not leave the scale of s. */
  private ridge(): number {
    return (FLOOR * norm2(this.w)) / Math.max(normInf(this.s), Number.MIN_VALUE);
  }

  private solver(ridge: number): (b: Float64Array) => void {
    const solve = weightedGram(this.system.q, this.rank, this.size, this.slopes, ridge);
    if (solve === null) throw new SolverError('potential', 'no-convergence', 'the Hessian of the dual problem is not finite');
    return solve;
  }

  /** Largest multiple of ds that uses up no more than this fraction of the room to the ends of the domain. */
  private roomFor(fraction: number): number {
    let room = Infinity;
    for (let i = 0; i < this.size; i++) {
      const [low, high] = this.potential.domain(i);
      const d = this.ds[i];
      if (d > 0 && high < Infinity) room = Math.min(room, (fraction * (high - this.s[i])) / d);
      else if (d < 0 && low > -Infinity) room = Math.min(room, (fraction * (low - this.s[i])) / d);
    }
    return room;
  }
}

/** Spread of the weights above which the Gram matrix has lost the small ones to rounding. */
const SPREAD = 1e10;

/**
 * Solves (Q diag(weights) Qᵀ + ridge·I) x = b in place, weights > 0. By Cholesky; where the weights differ too much for the matrix to be formed,
 * by an orthogonal factorisation of diag(√weights)Qᵀ. Null when the weights are not finite.
 */
export function weightedGram(
  q: Float64Array,
  rank: number,
  size: number,
  weights: Float64Array,
  ridge: number,
): ((b: Float64Array) => void) | null {
  let least = Infinity;
  let most = 0;
  for (let i = 0; i < size; i++) {
    const t = weights[i];
    if (!(t >= 0) || t === Infinity) return null;
    if (t < least) least = t;
    if (t > most) most = t;
  }
  if (!(most > 0)) return null;
  const roots = weights.map(Math.sqrt);
  if (most <= SPREAD * Math.max(least, ridge)) {
    const scaled = new Float64Array(rank * size);
    for (let k = 0; k < rank; k++) for (let i = 0; i < size; i++) scaled[k * size + i] = q[k * size + i] * roots[i];
    const gram = new Float64Array(rank * rank);
    lowerGram(scaled, rank, size, gram);
    for (let k = 0; k < rank; k++) gram[k * rank + k] += ridge;
    if (choleskyInPlace(gram, rank)) return (b) => choleskySolve(gram, rank, b);
  }
  const extended = size + rank;
  const rows = new Float64Array(rank * extended);
  const root = Math.sqrt(Math.max(ridge, Number.MIN_VALUE));
  for (let k = 0; k < rank; k++) {
    for (let i = 0; i < size; i++) rows[k * extended + i] = q[k * size + i] * roots[i];
    rows[k * extended + size + k] = root;
  }
  const { order, l, rank: found } = pivotedLq(rows, rank, extended, 0);
  if (found < rank) return null;
  const part = new Float64Array(rank);
  return (b) => {
    for (let k = 0; k < rank; k++) part[k] = b[order[k]];
    solveLower(l, rank, rank, part);
    solveLowerTransposed(l, rank, rank, part);
    for (let k = 0; k < rank; k++) b[order[k]] = part[k];
  };
}

/** Lower triangle of AAᵀ, two rows against one at a time. */
function lowerGram(a: Float64Array, rows: number, cols: number, out: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    const p = i * cols;
    let j = 0;
    for (; j + 1 <= i; j += 2) {
      const q = j * cols;
      const r = q + cols;
      let s = 0;
      let t = 0;
      for (let k = 0; k < cols; k++) {
        const x = a[p + k];
        s += x * a[q + k];
        t += x * a[r + k];
      }
      out[i * rows + j] = s;
      out[i * rows + j + 1] = t;
    }
    if (j <= i) {
      const q = j * cols;
      let s = 0;
      for (let k = 0; k < cols; k++) s += a[p + k] * a[q + k];
      out[i * rows + j] = s;
    }
  }
}
