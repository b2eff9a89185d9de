/**
 * Quantities that the exact flow of a tied diagonal network conserves, coordinate by coordinate:
 * D = 2: u_j v_j; D ≥ 3: u_j^(2−D) + v_j^(2−D). From u′ = D u^(D−1) r, v′ = −D v^(D−1) r (Woodworth et al. 2020, App. A).
 */
export function tiedDiagonalInvariant(u: number, v: number, depth: number): number {
  return depth === 2 ? u * v : Math.pow(Math.abs(u), 2 - depth) + Math.pow(Math.abs(v), 2 - depth);
}

/** Largest relative change of the invariant over all coordinates; θ = (u, v). NaN where no coordinate has one. */
export function tiedDiagonalDrift(theta: Float64Array, start: Float64Array, depth: number): number {
  const d = theta.length / 2;
  let largest = Number.NaN;
  for (let j = 0; j < d; j++) {
    const before = tiedDiagonalInvariant(start[j], start[d + j], depth);
    if (before === 0 || !Number.isFinite(before)) continue;
    const drift = Math.abs(tiedDiagonalInvariant(theta[j], theta[d + j], depth) / before - 1);
    if (!(drift <= largest)) largest = drift;
  }
  return largest;
}
