/**
 * The margin of infinitely wide two-layer networks: with f(x) = ∫ φ(a·x) dν(a) over signed measures ν on the unit sphere,
 *
 *     V* = min |ν|(S)  s.t.  y_i f(x_i) ≥ 1,
 *
 * the max-margin problem of the variation norm (Bach 2017; Chizat and Bach 2020, equation (4): their margin γ₁ is 1/V* in this scale).
 * A minimizer has at most n atoms. Its dual is max Σλ_i s.t. sup_{‖a‖=1} |Σ λ_i y_i φ(a·x_i)| ≤ 1, λ ≥ 0.
 *
 * Column generation: a linear program over the units that are known, then the exact oracle of `unit-peaks.ts` names the units
 * that violate its dual. The certificate is 1 − D/P with P = Σ|c_k|/min_i y_i f(x_i) of the atoms and D = Σλ_i/sup|…|, by weak
 * duality an upper bound of the relative error of V*.
 */
import { inWords } from '../numerics/in-words';
import { norm2 } from '../numerics/vectors';
import type { Certificate } from '../protocol/report';
import { SolverError, type LinearProgramSolver } from './reference-problem';
import { unitPeaks, type Peak, type UnitActivation } from './unit-peaks';

export interface Atom {
  /** Unit vector a_k. */
  readonly direction: Float64Array;
  /** c_k. */
  readonly weight: number;
}

export interface VariationNormAnswer {
  /** f = Σ c_k φ(a_k·x), scaled to min_i y_i f(x_i) = 1. */
  readonly atoms: readonly Atom[];
  /** V* = Σ|c_k|. */
  readonly objective: number;
  /** λ with sup_{‖a‖=1} |Σ λ_i y_i φ(a·x_i)| = 1. */
  readonly multipliers: Float64Array;
  readonly certificate: Certificate;
  /** Activation patterns gone through; 0 where there are none. */
  readonly patterns: number;
}

/** Column generation ends when weak duality leaves this, relatively: the linear program's own tolerance is 1e-10. */
const GAP = 1e-12;
const MOST_ROUNDS = 200;
/** Units that the program has not used are dropped beyond this many. */
const MOST_UNITS = 400;
/** A weight below this times the largest is the program's zero. */
const ZERO = 1e-10;
/** sup|…| below this times its trivial bound max‖x_i‖^k: no unit tells the classes apart. */
const VANISHES = 1e-12;

/**
 * @param x samples × dimension, row-major: for units with a bias the rows (x_i, 1)
 * @param y labels ±1
 * @throws SolverError "infeasible" when no network of such units separates the samples, "no-convergence" otherwise
 */
export function variationNorm(
  x: Float64Array,
  y: Float64Array,
  samples: number,
  dimension: number,
  activation: UnitActivation,
  lp: LinearProgramSolver,
): VariationNormAnswer {
  const oracle = unitPeaks(x, samples, dimension, activation);
  const value = valueOf(activation);
  const largest = largestLength(x, samples, dimension);
  const trivial = activation.kind === 'quadratic' ? largest * largest : largest;
  const signed = (p: Float64Array): Float64Array => p.map((weight, i) => weight * y[i]);

  let p: Float64Array = new Float64Array(samples).fill(1 / samples);
  let units: readonly Unit[] = [];
  let best: { atoms: readonly Atom[]; margin: number } = { atoms: [], margin: 0 };
  let bound = Infinity;
  let dual = p;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const peaks = oracle.peaks(signed(p), best.margin);
    const top = peaks.at(0)?.height ?? 0;
    if (top < bound) {
      bound = top;
      dual = p;
    }
    if (!(bound > VANISHES * trivial)) {
      throw new SolverError('variation-norm', 'infeasible', 'no network of such units separates the samples');
    }
    if (bound - best.margin <= GAP * bound) break;
    const known = units.length;
    units = [
      ...units,
      ...peaks.filter((peak) => !units.some((unit) => sameUnit(unit.peak, peak))).map((peak) => unitOf(peak, x, y, value)),
    ];
    if (units.length === known) break;
    const master = solveMaster(units, samples, lp);
    if (master === null) break;
    p = master.p;
    const atoms = merged(units, master.weights);
    const margin = marginOf(atoms, x, y, samples, dimension, value);
    if (margin > best.margin) best = { atoms, margin };
    if (units.length > MOST_UNITS) units = units.filter((_, k) => master.weights[k] > 0 || k >= known);
  }
  if (!(best.margin > 0)) throw new SolverError('variation-norm', 'no-convergence', 'no separating network was found');
  return answerOf(best, dual, bound, oracle.patterns);
}

function answerOf(
  { atoms, margin }: { readonly atoms: readonly Atom[]; readonly margin: number },
  dual: Float64Array,
  bound: number,
  patterns: number,
): VariationNormAnswer {
  const total = atoms.reduce((sum, { weight }) => sum + Math.abs(weight), 0);
  const scale = 1 / (total * margin);
  const gap = Math.max(0, (bound - margin) / bound);
  return {
    atoms: atoms.map(({ direction, weight }) => ({ direction, weight: weight * scale })).sort((a, b) => b.weight - a.weight),
    objective: 1 / margin,
    multipliers: dual.map((value) => value / bound),
    patterns,
    certificate: {
      kind: 'duality-gap',
      value: gap,
      says:
        `norm ${(1 / margin).toPrecision(10)} is reached by ${atoms.length} units and ${(1 / bound).toPrecision(10)} is a lower bound from the dual` +
        `${patterns > 0 ? ` over all ${patterns} activation patterns` : ''}: relative duality gap ${inWords(gap, 2)}`,
    },
  };
}

/** A peak as a column of the program: entries sign · y_i φ(a·x_i). */
interface Unit {
  readonly peak: Peak;
  readonly column: Float64Array;
}

function unitOf(peak: Peak, x: Float64Array, y: Float64Array, value: (z: number) => number): Unit {
  const d = peak.direction.length;
  return { peak, column: y.map((label, i) => peak.sign * label * value(product(x, i * d, peak.direction))) };
}

function sameUnit(a: Peak, b: Peak): boolean {
  return a.sign === b.sign && a.direction.every((value, j) => value === b.direction[j]);
}

/**
 * max t s.t. Σ_k c_k column_k ≥ t, Σ c_k = 1, c ≥ 0: always feasible. p ≥ 0 with Σp_i = 1 are its duals.
 */
function solveMaster(
  units: readonly Unit[],
  samples: number,
  lp: LinearProgramSolver,
): { readonly weights: Float64Array; readonly p: Float64Array } | null {
  // Columns: the units, t, a slack for every sample.
  const k = units.length;
  const columns = k + 1 + samples;
  const rows = samples + 1;
  const matrix = new Float64Array(rows * columns);
  for (let i = 0; i < samples; i++) {
    units.forEach(({ column }, u) => (matrix[i * columns + u] = column[i]));
    matrix[i * columns + k] = -1;
    matrix[i * columns + k + 1 + i] = -1;
  }
  matrix.fill(1, samples * columns, samples * columns + k);
  const cost = new Float64Array(columns);
  cost[k] = -1;
  const rhs = new Float64Array(rows);
  rhs[samples] = 1;
  const { status, x, duals } = lp.solve({ cost, matrix, rhs, rows, columns });
  if (status !== 'optimal') return null;
  const weights = x.slice(0, k).map((weight) => Math.max(0, weight));
  const p = duals.slice(0, samples).map(Math.abs);
  const sum = p.reduce((total, weight) => total + weight, 0);
  return sum > 0 ? { weights, p: p.map((weight) => weight / sum) } : null;
}

/**
 * Units of one sign on one pattern added up: Σ c_k a_k lies in the pattern's cone too, gives the same outputs, and is no longer
 * than the units together.
 */
function merged(units: readonly Unit[], weights: Float64Array): readonly Atom[] {
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const sums = new Map<string, { sign: number; vector: Float64Array }>();
  units.forEach(({ peak }, k) => {
    if (!(weights[k] > ZERO * largest)) return;
    const key = peak.pattern < 0 ? `unit ${k}` : `${peak.sign} ${peak.pattern}`;
    const sum = sums.get(key) ?? { sign: peak.sign, vector: new Float64Array(peak.direction.length) };
    peak.direction.forEach((value, j) => (sum.vector[j] += weights[k] * value));
    sums.set(key, sum);
  });
  return [...sums.values()].map(({ sign, vector }) => {
    const length = norm2(vector);
    return { direction: vector.map((value) => value / length), weight: sign * length };
  });
}

/** min_i y_i f(x_i) / Σ|c_k|, from the atoms alone. */
function marginOf(
  atoms: readonly Atom[],
  x: Float64Array,
  y: Float64Array,
  samples: number,
  dimension: number,
  value: (z: number) => number,
): number {
  let smallest = Infinity;
  for (let i = 0; i < samples; i++) {
    let f = 0;
    for (const { direction, weight } of atoms) f += weight * value(product(x, i * dimension, direction));
    smallest = Math.min(smallest, y[i] * f);
  }
  return smallest / atoms.reduce((sum, { weight }) => sum + Math.abs(weight), 0);
}

function valueOf(activation: UnitActivation): (z: number) => number {
  if (activation.kind === 'quadratic') return (z) => z * z;
  return (z) => (z > 0 ? z : activation.slope * z);
}

function product(x: Float64Array, at: number, a: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += x[at + j] * a[j];
  return sum;
}

function largestLength(x: Float64Array, samples: number, dimension: number): number {
  let largest = 0;
  for (let i = 0; i < samples; i++) largest = Math.max(largest, norm2(x.subarray(i * dimension, (i + 1) * dimension)));
  return largest;
}
