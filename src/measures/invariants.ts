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

/**
 * Largest change of w_l² − w_1² over all layers l and coordinates of an untied diagonal network, θ = (w1, …, wD), relative to Σ_l w_l²
 * of the coordinate at the start. The flow w_l′ = (Π_{k≠l} w_k) r conserves it. NaN where all parameters start at 0.
 */
export function untiedDiagonalDrift(theta: Float64Array, start: Float64Array, depth: number): number {
  const d = theta.length / depth;
  let largest = Number.NaN;
  for (let j = 0; j < d; j++) {
    let size = 0;
    for (let l = 0; l < depth; l++) size += start[l * d + j] ** 2;
    if (size === 0) continue;
    for (let l = 1; l < depth; l++) {
      const change = theta[l * d + j] ** 2 - theta[j] ** 2 - (start[l * d + j] ** 2 - start[j] ** 2);
      const drift = Math.abs(change) / size;
      if (!(drift <= largest)) largest = drift;
    }
  }
  return largest;
}
