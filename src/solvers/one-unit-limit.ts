/**
 * Where the gradient flow of one linear hidden unit, x ↦ a w·x, ends on Xβ = b, β = aw.
 *
 * w(t) − w(0) stays in the row space of X and δ = a² − ‖w‖² is conserved (S. Azulay et al., ICML 2021). With P⊥ the projection onto
 * ker X, w = P⊥w(0) + X⁺b/a, so ‖w‖² = ‖P⊥w(0)‖² + ‖X⁺b‖²/a² and a⁴ − ka² − ‖X⁺b‖² = 0, k = ‖P⊥w(0)‖² + δ:
 *   a² = (k + √(k² + 4‖X⁺b‖²))/2,   β = a P⊥w(0) + X⁺b.
 * This β minimises the paper's R(β) = q(‖β‖) + z·β over Xβ = b, q′(β) = (3/2)√(√(β² + δ²/4) − δ/2), z = −(3/2) sign(a) w(0):
 * ∇R = (3/2) sign(a) (w − w(0)) is in the row space of X.
 */
import { inWords } from '../numerics/in-words';
import { norm2 } from '../numerics/vectors';
import { relativeViolation } from './consistent-system';
import { minimumNorm } from './minimum-norm';
import { SolverError, type Answer } from './reference-problem';

/**
 * @param x samples × features, row-major
 * @param b Xβ = b, samples entries, not all 0
 * @param w w(0), @param a a(0) @param sign the sign of a at the end
 * @returns β; certificate: relative violation of Xβ = b and the part of β/a − w(0) outside the row space, a from β and δ
 * @throws SolverError "infeasible" when Xβ = b has no solution, "no-convergence" when b = 0
 */
export function oneUnitLimit(
  x: Float64Array,
  b: Float64Array,
  samples: number,
  features: number,
  w: Float64Array,
  a: number,
  sign: number,
): Answer {
  const least = minimumNorm(x, b, samples, features, new Float64Array(features));
  if (!least.consistent) throw new SolverError('one-unit', 'infeasible', 'the equations Xβ = b contradict each other');
  const across = outsideRowSpace(x, samples, features, w);
  const delta = (Math.abs(a) - norm2(w)) * (Math.abs(a) + norm2(w));
  const k = norm2(across) ** 2 + delta;
  const m = norm2(least.point);
  const root = Math.hypot(k, 2 * m);
  // For k < 0 the sum would cancel.
  const square = k >= 0 ? (k + root) / 2 : (2 * m * m) / (root - k);
  if (!(square > 0)) throw new SolverError('one-unit', 'no-convergence', 'a vanishes at the end');
  const end = Math.sign(sign) * Math.sqrt(square);
  const point = least.point.map((value, j) => value + end * across[j]);

  const violation = relativeViolation(x, b, samples, features, point);
  const length = norm2(point);
  const half = delta / 2;
  const reached =
    Math.sign(sign) * Math.sqrt(half >= 0 ? half + Math.hypot(half, length) : length ** 2 / (Math.hypot(half, length) - half));
  const moved = point.map((value, j) => value / reached - w[j]);
  const outside = norm2(outsideRowSpace(x, samples, features, moved)) / (norm2(w) + length / Math.abs(reached));
  return {
    point,
    multipliers: new Float64Array(samples),
    objective: length,
    certificate: {
      kind: 'kkt-residual',
      value: Math.max(violation, outside),
      says: `Xβ = b holds to ${inWords(violation, 2)} relatively, the gradient of R leaves the row space of X by ${inWords(outside, 2)}`,
    },
  };
}

/** P⊥v: the point of ker X nearest to v. */
export function outsideRowSpace(x: Float64Array, samples: number, features: number, v: Float64Array): Float64Array {
  return minimumNorm(x, new Float64Array(samples), samples, features, v).point;
}
