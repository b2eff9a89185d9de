/**
 * Training samples from the parameters of a two-layer ReLU network without biases, by its KKT conditions alone (Haim et al. 2022):
 *
 *     w_j = v_j Σ_i λ_i y_i s_ij x_i,    v_j = Σ_i λ_i y_i (w_j·x_i)₊,    s_ij = 1 where w_j·x_i > 0, else 0.
 *
 * With u_i = λ_i x_i, of which s_ij depends on the direction alone, the unknowns are the u_i, and
 *
 *     ‖W − …‖² + ‖v − …‖²  → min over u_1 … u_k.
 *
 * Given the gates s, the first term is a linear least-squares problem with a k × k matrix; given the u, the gates follow. Each in turn
 * (as Lloyd's algorithm does for means), from many random starts, keeping the u of least residual. Haim et al. descend along the
 * gradient through smoothed gates instead. Only directions can be had: λ_i and ‖x_i‖ appear as a product.
 */
import { choleskyInPlace, choleskySolve } from '../numerics/cholesky';
import type { RandomStream } from '../numerics/random';

export interface TwoLayerWeights {
  /** units × features, row-major. */
  readonly inner: Float64Array;
  /** One a unit. */
  readonly outer: Float64Array;
  readonly units: number;
  readonly features: number;
}

export interface Reconstruction {
  /** u_i, samples × features, row-major. */
  readonly points: Float64Array;
  /** Root of both terms, relative to ‖θ‖. */
  readonly residual: number;
}

const MOST_ROUNDS = 60;
/** Relative to the trace: samples that open the same units leave the matrix singular. */
const RIDGE = 1e-6;

/**
 * @param labels ±1, one for each sample that is sought
 * @param starts random starts that are tried
 */
export function reconstruct(weights: TwoLayerWeights, labels: Float64Array, starts: number, random: RandomStream): Reconstruction {
  const { inner, outer, units, features } = weights;
  const count = labels.length;
  const points = new Float64Array(count * features);
  const gates = new Uint8Array(count * units);
  const scores = new Float64Array(count * units);
  const matrix = new Float64Array(count * count);
  const right = new Float64Array(count * features);
  const column = new Float64Array(count);
  const rest = new Float64Array(features);
  let best: Reconstruction = { points, residual: Infinity };
  let size = 0;
  for (const value of inner) size += value * value;
  for (const value of outer) size += value * value;

  /** Returns whether a gate has changed. */
  const open = (): boolean => {
    let changed = false;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < units; j++) {
        let z = 0;
        for (let c = 0, p = i * features, q = j * features; c < features; c++) z += points[p + c] * inner[q + c];
        scores[i * units + j] = z;
        const gate = z > 0 ? 1 : 0;
        if (gate !== gates[i * units + j]) changed = true;
        gates[i * units + j] = gate;
      }
    }
    return changed;
  };
  /** The u of least ‖W − …‖ for these gates. */
  const solve = (): boolean => {
    right.fill(0);
    let trace = 0;
    for (let i = 0; i < count; i++) {
      for (let l = 0; l <= i; l++) {
        let sum = 0;
        for (let j = 0; j < units; j++) if (gates[i * units + j] & gates[l * units + j]) sum += outer[j] * outer[j];
        matrix[i * count + l] = matrix[l * count + i] = labels[i] * labels[l] * sum;
      }
      trace += matrix[i * count + i];
      for (let j = 0; j < units; j++) {
        if (gates[i * units + j] === 0) continue;
        const weight = labels[i] * outer[j];
        for (let c = 0, p = i * features, q = j * features; c < features; c++) right[p + c] += weight * inner[q + c];
      }
    }
    for (let i = 0; i < count; i++) matrix[i * count + i] += RIDGE * trace;
    if (!choleskyInPlace(matrix, count)) return false;
    for (let c = 0; c < features; c++) {
      for (let i = 0; i < count; i++) column[i] = right[i * features + c];
      choleskySolve(matrix, count, column);
      for (let i = 0; i < count; i++) points[i * features + c] = column[i];
    }
    return true;
  };
  /** Both terms; `open` has been called with these points. */
  const residual = (): number => {
    let sum = 0;
    for (let j = 0; j < units; j++) {
      rest.set(inner.subarray(j * features, (j + 1) * features));
      let out = outer[j];
      for (let i = 0; i < count; i++) {
        if (gates[i * units + j] === 0) continue;
        const weight = labels[i] * outer[j];
        for (let c = 0, p = i * features; c < features; c++) rest[c] -= weight * points[p + c];
        out -= labels[i] * scores[i * units + j];
      }
      for (let c = 0; c < features; c++) sum += rest[c] * rest[c];
      sum += out * out;
    }
    return Math.sqrt(sum / size);
  };

  /** A unit with an outer weight of that sign, among twenty draws the largest; any where there is none. */
  const unitWith = (sign: number): number => {
    let chosen = Math.floor(random.uniform() * units);
    for (let draw = 0; draw < 20; draw++) {
      const j = Math.floor(random.uniform() * units);
      if (sign * outer[j] > 0) return j;
      chosen = outer[j] !== 0 ? j : chosen;
    }
    return chosen;
  };
  for (let start = 0; start < starts; start++) {
    // A unit is v_j times a sum of u_i of its own sign: units drawn by chance are starts in the span of the samples.
    for (let i = 0; i < count; i++) {
      const j = unitWith(labels[i]);
      for (let c = 0; c < features; c++) points[i * features + c] = (labels[i] / outer[j]) * inner[j * features + c];
    }
    gates.fill(2);
    open();
    for (let round = 0; round < MOST_ROUNDS; round++) {
      if (!solve() || !open()) break;
    }
    const value = residual();
    if (value < best.residual) best = { points: points.slice(), residual: value };
  }
  return best;
}
