import { transpose } from './dense';

export interface NonNegativeLeastSquares {
  /** The minimizer u ≥ 0; exact zeros off the passive set. */
  readonly u: Float64Array;
  /** b − Au. */
  readonly residual: Float64Array;
  /** ‖b − Au‖₂. */
  readonly residualNorm: number;
  /** Aᵀ(b − Au): at most 0 up to rounding, and 0 where u > 0. */
  readonly gradient: Float64Array;
  /** Indices with u > 0, in the order they entered. Their columns are independent. */
  readonly passive: Int32Array;
  readonly iterations: number;
}

/** The active-set method was stopped by its iteration limit. */
export class NnlsFailure extends Error {
  constructor(
    readonly iterations: number,
    readonly residualNorm: number,
  ) {
    super(`non-negative least squares: no convergence in ${iterations} iterations, residual ${residualNorm}`);
    this.name = 'NnlsFailure';
  }
}

/**
 * min ‖Au − b‖₂ subject to u ≥ 0, by the active-set method of Lawson and Hanson (1974, chapter 23).
 * @param a rows × cols, row-major; b rows entries
 * @throws NnlsFailure
 */
export function nnls(a: Float64Array, rows: number, cols: number, b: Float64Array): NonNegativeLeastSquares {
  const columns = new Float64Array(rows * cols);
  transpose(a, rows, cols, columns);
  return nnlsOfColumns(columns, cols, rows, b);
}

/**
 * The same with the columns of A given one after the other (count × length).
 *
 * The passive columns are kept as a thin QR factorisation that is updated: a new column is orthogonalised twice, a leaving
 * one is rotated out. Columns are scaled to unit length, so the choice of the entering one does not depend on their
 * scale. In exact arithmetic ‖b − Au‖ falls in every outer iteration; a column whose entry does not lower it is set aside until
 * another one has, which is what ends degenerate problems.
 */
export function nnlsOfColumns(columns: Float64Array, count: number, length: number, b: Float64Array): NonNegativeLeastSquares {
  const unit = Float64Array.from(columns);
  const lengths = new Float64Array(count);
  for (let j = 0; j < count; j++) lengths[j] = normalise(unit, j * length, length);
  const factor = new PassiveSet(unit, length, Math.min(count, length), b);
  const u = new Float64Array(count);
  const gradient = new Float64Array(count);
  const aside = new Uint8Array(count);
  const size = Math.sqrt(inner(b, 0, b, 0, length));
  // Rounding of the residual's product with a unit column.
  const tolerance = 10 * Math.sqrt(length) * Number.EPSILON * size;
  const limit = 10 * (count + length) + 100;
  let best = inner(factor.residual, 0, factor.residual, 0, length);
  let iterations = 0;
  let refactored = false;

  for (;;) {
    for (let j = 0; j < count; j++) gradient[j] = inner(unit, j * length, factor.residual, 0, length);
    let entering = -1;
    let steepest = tolerance;
    for (let j = 0; j < count; j++) {
      if (gradient[j] > steepest && aside[j] === 0 && !factor.has(j)) {
        steepest = gradient[j];
        entering = j;
      }
    }
    if (entering < 0) {
      if (refactored || factor.size === 0) break;
      // Once more on a fresh factorisation: no error of the updates is left in the answer.
      refactored = true;
      for (const dropped of factor.refactor()) u[dropped] = 0;
      settle(factor, u);
      continue;
    }
    if (++iterations > limit) throw new NnlsFailure(iterations - 1, Math.sqrt(best));
    refactored = false;
    if (!factor.add(entering)) {
      aside[entering] = 1;
      continue;
    }
    const trial = factor.solve();
    if (!(trial[factor.size - 1] > 0)) {
      factor.remove(factor.size - 1);
      aside[entering] = 1;
      continue;
    }
    settle(factor, u);
    const now = inner(factor.residual, 0, factor.residual, 0, length);
    if (now < best) {
      best = now;
      aside.fill(0);
    } else {
      aside[entering] = 1;
    }
  }

  const passive = factor.members();
  for (let j = 0; j < count; j++) {
    if (lengths[j] > 0) u[j] /= lengths[j];
    gradient[j] *= lengths[j];
  }
  const residual = Float64Array.from(factor.residual);
  return { u, residual, residualNorm: Math.sqrt(inner(residual, 0, residual, 0, length)), gradient, passive, iterations };
}

/** Moves u to the minimizer on the passive set, dropping the members that would turn negative on the way. */
function settle(factor: PassiveSet, u: Float64Array): void {
  while (factor.size > 0) {
    const target = factor.solve();
    let step = 1;
    for (let k = 0; k < factor.size; k++) {
      if (target[k] > 0) continue;
      const x = u[factor.member(k)];
      step = Math.min(step, x > 0 ? x / (x - target[k]) : 0);
    }
    if (step === 1) {
      let positive = true;
      for (let k = 0; k < factor.size; k++) positive &&= target[k] > 0;
      if (positive) {
        for (let k = 0; k < factor.size; k++) u[factor.member(k)] = target[k];
        break;
      }
    }
    for (let k = factor.size - 1; k >= 0; k--) {
      const j = factor.member(k);
      const leaves = target[k] <= 0 && (u[j] <= 0 || u[j] / (u[j] - target[k]) <= step);
      u[j] = leaves ? 0 : Math.max(0, u[j] + step * (target[k] - u[j]));
      if (leaves || u[j] === 0) {
        u[j] = 0;
        factor.remove(k);
      }
    }
  }
  factor.project();
}

/** A thin QR factorisation of the passive columns under insertion and deletion. */
class PassiveSet {
  size = 0;
  /** b minus its projection on the passive columns. */
  readonly residual: Float64Array;
  private readonly chosen: Int32Array;
  private readonly inside: Uint8Array;
  /** Orthonormal columns, one after the other. */
  private readonly q: Float64Array;
  /** Column k of R in r[k·capacity …]. */
  private readonly r: Float64Array;
  private readonly solution: Float64Array;

  constructor(
    private readonly unit: Float64Array,
    private readonly length: number,
    private readonly capacity: number,
    private readonly b: Float64Array,
  ) {
    this.residual = Float64Array.from(b);
    this.chosen = new Int32Array(capacity);
    this.inside = new Uint8Array(unit.length / Math.max(1, length));
    this.q = new Float64Array(capacity * length);
    this.r = new Float64Array(capacity * capacity);
    this.solution = new Float64Array(capacity);
  }

  has(j: number): boolean {
    return this.inside[j] === 1;
  }

  member(k: number): number {
    return this.chosen[k];
  }

  members(): Int32Array {
    return this.chosen.slice(0, this.size);
  }

  /** False when the column lies in the span of the members to working precision. */
  add(j: number): boolean {
    const { q, r, length, capacity, size } = this;
    if (size === capacity) return false;
    const at = size * length;
    const top = size * capacity;
    for (let i = 0; i < length; i++) q[at + i] = this.unit[j * length + i];
    for (let k = 0; k < size; k++) r[top + k] = 0;
    let rest = 1;
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < size; k++) {
        const c = inner(q, k * length, q, at, length);
        r[top + k] += c;
        for (let i = 0; i < length; i++) q[at + i] -= c * q[k * length + i];
      }
      rest = Math.sqrt(inner(q, at, q, at, length));
    }
    if (!(rest > 4 * Math.sqrt(length) * Number.EPSILON)) return false;
    r[top + size] = rest;
    for (let i = 0; i < length; i++) q[at + i] /= rest;
    this.chosen[size] = j;
    this.inside[j] = 1;
    this.size++;
    return true;
  }

  remove(position: number): void {
    const { q, r, length, capacity } = this;
    this.inside[this.chosen[position]] = 0;
    for (let k = position; k < this.size - 1; k++) {
      this.chosen[k] = this.chosen[k + 1];
      for (let i = 0; i <= k + 1; i++) r[k * capacity + i] = r[(k + 1) * capacity + i];
    }
    this.size--;
    for (let k = position; k < this.size; k++) {
      const x = r[k * capacity + k];
      const y = r[k * capacity + k + 1];
      const h = Math.hypot(x, y);
      if (h === 0) continue;
      const c = x / h;
      const s = y / h;
      r[k * capacity + k] = h;
      for (let m = k + 1; m < this.size; m++) {
        const p = r[m * capacity + k];
        const t = r[m * capacity + k + 1];
        r[m * capacity + k] = c * p + s * t;
        r[m * capacity + k + 1] = c * t - s * p;
      }
      for (let i = 0; i < length; i++) {
        const p = q[k * length + i];
        const t = q[(k + 1) * length + i];
        q[k * length + i] = c * p + s * t;
        q[(k + 1) * length + i] = c * t - s * p;
      }
    }
  }

  /** Coefficients of the least-squares solution on the members. Overwritten by the next call. */
  solve(): Float64Array {
    const { q, r, length, capacity, solution } = this;
    for (let k = 0; k < this.size; k++) solution[k] = inner(q, k * length, this.b, 0, length);
    for (let k = this.size - 1; k >= 0; k--) {
      const x = solution[k] / r[k * capacity + k];
      solution[k] = x;
      for (let i = 0; i < k; i++) solution[i] -= x * r[k * capacity + i];
    }
    return solution;
  }

  /** Brings `residual` up to date. */
  project(): void {
    const { q, length, residual } = this;
    residual.set(this.b);
    for (let k = 0; k < this.size; k++) {
      const c = inner(q, k * length, residual, 0, length);
      for (let i = 0; i < length; i++) residual[i] -= c * q[k * length + i];
    }
  }

  /** Factors anew; returns the members that turned out to depend on others and were dropped. */
  refactor(): number[] {
    const members = Array.from(this.members());
    this.size = 0;
    this.inside.fill(0);
    return members.filter((j) => !this.add(j));
  }
}

function normalise(a: Float64Array, at: number, length: number): number {
  let m = 0;
  for (let i = at; i < at + length; i++) m = Math.max(m, Math.abs(a[i]));
  if (!(m > 0)) return 0;
  let s = 0;
  for (let i = at; i < at + length; i++) {
    a[i] /= m;
    s += a[i] * a[i];
  }
  s = Math.sqrt(s);
  for (let i = at; i < at + length; i++) a[i] /= s;
  return m * s;
}

function inner(a: Float64Array, at: number, b: Float64Array, bt: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let k = 0;
  for (; k + 1 < length; k += 2) {
    s0 += a[at + k] * b[bt + k];
    s1 += a[at + k + 1] * b[bt + k + 1];
  }
  if (k < length) s0 += a[at + k] * b[bt + k];
  return s0 + s1;
}
