/** Measures of a matrix and of the factors that make it. */
import { svd, type Svd } from '../numerics/svd';
import type { Model, ParameterBlock } from '../models/model';
import { norm2 } from '../numerics/vectors';
import { balanceDrift } from './conservation';
import type { Observation } from './observation';

interface Decomposed {
  readonly at: Float64Array;
  readonly svd: Svd;
}

/** The last decomposition of every predictor buffer: several measures look at one moment. */
const recent = new WeakMap<Float64Array, Decomposed>();

/** Singular values and vectors of W at this moment; rows and columns from the data. */
export function decompose({ predictor, data }: Observation): Svd {
  const { rows, columns } = data.matrix ?? { rows: 1, columns: predictor.length };
  const known = recent.get(predictor);
  if (known?.at.every((value, k) => value === predictor[k]) === true) return known.svd;
  const fresh = { at: Float64Array.from(predictor), svd: svd(predictor, rows, columns) };
  recent.set(predictor, fresh);
  return fresh.svd;
}

export function nuclearNorm(s: Float64Array): number {
  return s.reduce((sum, value) => sum + value, 0);
}

export function frobeniusNorm(s: Float64Array): number {
  return Math.hypot(...s);
}

/** (Σ σ^p)^(1/p). */
export function schattenNorm(s: Float64Array, p: number): number {
  const largest = s[0] ?? 0;
  if (largest === 0) return 0;
  return (
    largest *
    Math.pow(
      s.reduce((sum, value) => sum + Math.pow(value / largest, p), 0),
      1 / p,
    )
  );
}

/** exp of the entropy of σ/Σσ (Roy and Vetterli 2007); 0 of a zero matrix. */
export function effectiveRank(s: Float64Array): number {
  const sum = nuclearNorm(s);
  if (sum === 0) return 0;
  return Math.exp(s.reduce((entropy, value) => (value === 0 ? entropy : entropy - (value / sum) * Math.log(value / sum)), 0));
}

/** ‖W‖_F² / σ₁²; 0 of a zero matrix. */
export function stableRank(s: Float64Array): number {
  const largest = s[0] ?? 0;
  return largest === 0 ? 0 : s.reduce((sum, value) => sum + (value / largest) * (value / largest), 0);
}

/** max_l ‖W_{l+1}ᵀW_{l+1} − W_lW_lᵀ‖_F / ‖θ‖²: 0 for balanced layers. */
export function imbalance(model: Model, theta: Float64Array): number {
  return balanceDrift(model, theta, new Float64Array(theta.length));
}

/**
 * Ẇ by the chain rule through the factors against Ẇ = −Σ_j [WWᵀ]^{(j−1)/k} ∇ℓ [WᵀW]^{(k−j)/k} (Arora, Cohen, Hazan 2018, Theorem 1), and
 * σ̇_r = −k σ_r^{2−2/k} ⟨∇ℓ, u_r v_rᵀ⟩ (Arora et al. 2019, Theorem 3). Both hold where the layers are balanced. For W = UUᵀ the flow is that
 * of two factors at twice the speed, with the symmetric part of ∇ℓ.
 *
 * Errors are relative to the velocity. At rest, and where a run waits at a saddle, the terms of which it is the sum cancel, and what is left
 * are their rounding and the drift of the balance: there they are relative to a thousandth of the terms.
 */
export function endToEndErrors(observation: Observation): { readonly product: number; readonly singular: number } {
  const { objective, theta, data, outputs, predictor } = observation;
  const { model, loss, targets } = objective;
  const { rows, columns } = data.matrix ?? { rows: 1, columns: predictor.length };
  const symmetric = model.blocks[0].name === 'U';
  const depth = symmetric ? 2 : model.blocks.length;
  const speed = symmetric ? 2 : 1;
  // ∇ℓ as a matrix, and Ẇ = −J J*(∇ℓ) from the factors.
  const slopes = new Float64Array(outputs.length);
  loss.derivative(outputs, targets, slopes);
  const gradient = new Float64Array(rows * columns);
  addMeasurements(data, slopes, gradient);
  if (symmetric) symmetrize(gradient, rows);
  const velocity = new Float64Array(theta.length);
  model.pullback(theta, slopes, velocity);
  const moved = pushforwardMatrix(theta, velocity, model.blocks, rows, columns);
  const { u, s, v, count } = decompose(observation);
  // In the bases of singular vectors [WWᵀ]^a is diagonal; 0^0 = 1 also across them, where the only surviving terms are j = 1 and j = k.
  const powers = (exponent: number): Float64Array => s.map((value) => (exponent === 0 ? 1 : Math.pow(value, 2 * exponent)));
  const rowPart = project(gradient, u, count, rows, columns);
  let product = 0;
  const expected = new Float64Array(rows * columns);
  for (let j = 1; j <= depth; j++) {
    const leftFirst = j === 1;
    const rightLast = j === depth;
    const left = powers((j - 1) / depth);
    const right = powers((depth - j) / depth);
    // [WWᵀ]^{(j−1)/k} ∇ℓ
    const first = leftFirst ? Float64Array.from(gradient) : new Float64Array(rows * columns);
    if (!leftFirst) {
      for (let r = 0; r < count; r++) {
        for (let i = 0; i < rows; i++) {
          const value = left[r] * u[r * rows + i];
          if (value !== 0) for (let c = 0; c < columns; c++) first[i * columns + c] += value * rowPart[r * columns + c];
        }
      }
    }
    if (rightLast) {
      for (let k = 0; k < expected.length; k++) expected[k] -= speed * first[k];
      continue;
    }
    for (let r = 0; r < count; r++) {
      if (right[r] === 0) continue;
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let c = 0; c < columns; c++) sum += first[i * columns + c] * v[r * columns + c];
        for (let c = 0; c < columns; c++) expected[i * columns + c] -= speed * right[r] * sum * v[r * columns + c];
      }
    }
  }
  let size = 0;
  for (let k = 0; k < expected.length; k++) {
    product += (expected[k] + moved[k]) ** 2;
    size += moved[k] ** 2;
  }
  const slope = norm2(gradient);
  const power = 2 - 2 / depth;
  const term = (sigma: number): number => CANCELLED * speed * depth * Math.pow(sigma, power) * slope;
  const determined = (sigma: number): boolean => Math.pow(sigma / s[0], Math.max(1, power)) * DETERMINED >= Number.EPSILON;
  const actual = Array.from({ length: count }, (_, r) => (determined(s[r]) ? -bilinear(moved, u, v, r, rows, columns) : 0));
  const fastest = actual.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let singular = 0;
  for (let r = 0; r < count; r++) {
    if (!determined(s[r])) continue;
    const law = -speed * depth * Math.pow(s[r], power) * bilinear(gradient, u, v, r, rows, columns);
    singular = Math.max(singular, relative(Math.abs(actual[r] - law), Math.max(fastest, term(s[r]))));
  }
  return { product: relative(Math.sqrt(product), Math.max(Math.sqrt(size), count === 0 ? 0 : term(s[0]))), singular };
}

/** The share of its terms below which a velocity is what their cancelling left. */
const CANCELLED = 1e-3;

function relative(error: number, size: number): number {
  return size === 0 ? 0 : error / size;
}

/**
 * The left and the right vector of σ_r are known to belong together to ε σ₁/σ_r, and its velocity beside that of σ₁ to ε (σ₁/σ_r)^(2−2/k).
 * Beyond this, a tenth of the deviation that is allowed by default, the law of σ_r cannot be seen: a σ_r that is zero but for rounding has
 * any two vectors.
 */
const DETERMINED = 1e-7;

/** out = Σ c_i A_i. */
function addMeasurements(data: Observation['data'], c: Float64Array, out: Float64Array): void {
  const { matrix, samples, features } = data;
  const observed = matrix?.observed ?? null;
  for (let i = 0; i < samples; i++) {
    if (observed !== null) out[observed[i]] += c[i];
    else for (let k = 0; k < features; k++) out[k] += c[i] * data.x[i * features + k];
  }
}

function symmetrize(g: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = 0.5 * (g[i * n + j] + g[j * n + i]);
      g[i * n + j] = mean;
      g[j * n + i] = mean;
    }
  }
}

/** uᵣᵀ G, count × columns. */
function project(g: Float64Array, u: Float64Array, count: number, rows: number, columns: number): Float64Array {
  const out = new Float64Array(count * columns);
  for (let r = 0; r < count; r++) {
    for (let i = 0; i < rows; i++) {
      const value = u[r * rows + i];
      if (value !== 0) for (let c = 0; c < columns; c++) out[r * columns + c] += value * g[i * columns + c];
    }
  }
  return out;
}

function bilinear(g: Float64Array, u: Float64Array, v: Float64Array, r: number, rows: number, columns: number): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) for (let c = 0; c < columns; c++) sum += u[r * rows + i] * g[i * columns + c] * v[r * columns + c];
  return sum;
}

/** Derivative of the whole product along V, also of entries that are not observed. */
function pushforwardMatrix(
  theta: Float64Array,
  direction: Float64Array,
  blocks: readonly ParameterBlock[],
  rows: number,
  columns: number,
): Float64Array {
  const part = (from: Float64Array, { offset, rows: m, columns: n }: ParameterBlock): Float64Array => from.subarray(offset, offset + m * n);
  if (blocks[0].name === 'U') {
    const { columns: width } = blocks[0];
    const out = new Float64Array(rows * rows);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < rows; j++) {
        for (let k = 0; k < width; k++) {
          out[i * rows + j] += direction[i * width + k] * theta[j * width + k] + theta[i * width + k] * direction[j * width + k];
        }
      }
    }
    return out;
  }
  let value: Float64Array = part(theta, blocks[0]);
  let tangent: Float64Array = part(direction, blocks[0]);
  for (const block of blocks.slice(1)) {
    tangent = sumOf(times(part(direction, block), block, value, columns), times(part(theta, block), block, tangent, columns));
    value = times(part(theta, block), block, value, columns);
  }
  return tangent;
}

function times(a: Float64Array, { rows, columns: inner }: ParameterBlock, b: Float64Array, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const value = a[i * inner + k];
      for (let j = 0; j < columns; j++) out[i * columns + j] += value * b[k * columns + j];
    }
  }
  return out;
}

function sumOf(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, k) => value + b[k]);
}
