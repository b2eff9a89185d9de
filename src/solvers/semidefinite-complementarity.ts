/**
 * The semidefinite complementarity problem of the central flow (J. Cohen et al., ICLR 2025): X ⪰ 0, Y = B(X) − C ⪰ 0, ⟨X, Y⟩ = 0, with B positive semidefinite
 * on symmetric k × k matrices, k small. These are the optimality conditions of min ½⟨X, B(X)⟩ − ⟨C, X⟩ over X ⪰ 0, which is solved by accelerated projected
 * gradients (A. Beck, M. Teboulle, SIAM J. Imaging Sciences 2, 2009) with restarts (B. O'Donoghue, E. Candès, Found. Comput. Math. 15, 2015).
 */
import { symmetricEigen } from '../numerics/symmetric-eigen';

export interface Complementarity {
  /** X, k × k, symmetric and positive semidefinite. */
  readonly solution: Float64Array;
  /** Eigenvalues of Y that are 0 beside the size of C: of X only B(X) is unique, so its rank need not be. */
  readonly held: number;
  /**
   * The certificate, from X alone: the larger of −λ_min(Y) over the size of C and |⟨X, Y⟩| over that of ⟨|C|, X⟩; 0 where X is exact. X ⪰ 0 holds by construction.
   */
  readonly residual: number;
}

const ITERATIONS = 5000;
/** Steps between two looks at the certificate, which costs a factorisation. */
const LOOK = 5;
/** Of the norm of C, a hundredth: a direction that is let go has a slack of the size of C. */
const HELD = 1e-2;

/**
 * @param map B as a k² × k² matrix on the entries of X, symmetric and positive semidefinite, mapping symmetric matrices to such ones
 * @param target C, k × k, symmetric
 * @param tolerance of the certificate, at which the search ends; X may miss it, and says so
 */
export function solveComplementarity(map: Float64Array, target: Float64Array, k: number, tolerance = 1e-10): Complementarity {
  const size = k * k;
  const largest = symmetricEigen(map, size).values[size - 1];
  if (!(largest > 0)) return { solution: new Float64Array(size), held: 0, residual: largestOf(target, k) > 0 ? Infinity : 0 };
  const x = projected(
    target.map((entry) => entry / largest),
    k,
  );
  if (k === 1) {
    // In closed form.
    x[0] = Math.max(0, target[0] / map[0]);
    return certified(map, target, k, x);
  }
  let previous: Float64Array = x;
  let ahead: Float64Array = x;
  let momentum = 1;
  const gradient = new Float64Array(size);
  for (let step = 1; step <= ITERATIONS; step++) {
    apply(map, ahead, gradient);
    const next = projected(
      ahead.map((entry, j) => entry - (gradient[j] - target[j]) / largest),
      k,
    );
    let against = 0;
    for (let j = 0; j < size; j++) against += (ahead[j] - next[j]) * (next[j] - previous[j]);
    const grown = against > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const share = against > 0 ? 0 : (momentum - 1) / grown;
    ahead = next.map((entry, j) => entry + share * (entry - previous[j]));
    momentum = grown;
    previous = next;
    if (step % LOOK === 0 && certified(map, target, k, next).residual <= tolerance) break;
  }
  return certified(map, target, k, previous);
}

function apply(map: Float64Array, x: Float64Array, out: Float64Array): void {
  const size = x.length;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += map[i * size + j] * x[j];
    out[i] = sum;
  }
}

/** The nearest positive semidefinite matrix. */
function projected(x: Float64Array, k: number): Float64Array {
  const { values, vectors } = symmetricEigen(x, k);
  const out = new Float64Array(k * k);
  for (let e = 0; e < k; e++) {
    if (!(values[e] > 0)) continue;
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) out[a * k + b] += values[e] * vectors[e * k + a] * vectors[e * k + b];
  }
  return out;
}

const largestOf = (symmetric: Float64Array, k: number): number => symmetricEigen(symmetric, k).values[k - 1];

function certified(map: Float64Array, target: Float64Array, k: number, solution: Float64Array): Complementarity {
  const slack = new Float64Array(k * k);
  apply(map, solution, slack);
  let product = 0;
  let size = 0;
  let scale = 0;
  for (let j = 0; j < slack.length; j++) {
    slack[j] -= target[j];
    product += solution[j] * slack[j];
    size += target[j] * target[j];
    scale += Math.abs(target[j] * solution[j]);
  }
  const { values } = symmetricEigen(slack, k);
  const norm = Math.sqrt(size) || 1;
  const held = values.filter((value) => Math.abs(value) <= HELD * norm).length;
  return { solution, held, residual: Math.max(Math.max(0, -values[0]) / norm, Math.abs(product) / (scale || 1)) };
}
