/**
 * Deep linear network of full-width circular convolutions (Gunasekar et al. 2018b, Section 3):
 * h_l[d] = D^(−1/2) Σ_k w_l[k] h_{l−1}[(d + k) mod D] for l < L, and f = ⟨w_L, h_{L−1}⟩. So f = β·x with
 * β = D^(−(L−1)/2) w_1 ∗ … ∗ w_L, and in the unitary discrete Fourier transform β̂ = ŵ_1 ∘ … ∘ ŵ_L.
 * Parameters w1 … wL, each of length D = features.
 */
import type { Dataset } from '../data/dataset';
import { matTVec, matVec } from '../numerics/dense';
import type { Model, ParameterBlock } from './model';

export function createConvolution(depth: number, data: Dataset): Model {
  const { samples, features: d, x } = data;
  const size = depth * d;
  const scale = Math.pow(d, -0.5);
  const layer = (theta: Float64Array, l: number): Float64Array => theta.subarray(l * d, (l + 1) * d);
  const buffer = (): Float64Array => new Float64Array(d);
  /** products[l]: convolution of all layers but l; two work buffers for building them. */
  const products = Array.from({ length: depth }, buffer);
  const work = [buffer(), buffer()];
  const beta = buffer();
  const z = buffer();
  const part = buffer();

  /** out = D^(−1/2) a ∗ b. */
  const convolve = (a: Float64Array, b: Float64Array, out: Float64Array): void => {
    out.fill(0);
    for (let i = 0; i < d; i++) {
      const value = scale * a[i];
      if (value === 0) continue;
      for (let j = 0, k = i; j < d; j++, k = k + 1 === d ? 0 : k + 1) out[k] += value * b[j];
    }
  };
  /** out = D^(−1/2) × the correlation Σ_i a[i] z[i + ·], the adjoint of b ↦ a ∗ b. */
  const correlate = (a: Float64Array, b: Float64Array, out: Float64Array): void => {
    out.fill(0);
    for (let i = 0; i < d; i++) {
      const value = scale * a[i];
      if (value === 0) continue;
      for (let j = 0, k = i; j < d; j++, k = k + 1 === d ? 0 : k + 1) out[j] += value * b[k];
    }
  };
  /** Convolution of all layers but a and b, with D^(−1/2) for every ∗. */
  const product = (theta: Float64Array, a: number, b: number, out: Float64Array): void => {
    let current: Float64Array | null = null;
    let turn = 0;
    for (let l = 0; l < depth; l++) {
      if (l === a || l === b) continue;
      if (current === null) {
        current = layer(theta, l);
        continue;
      }
      const next = work[turn];
      convolve(current, layer(theta, l), next);
      current = next;
      turn = 1 - turn;
    }
    if (current === null) {
      // The unit of ∗ with its factor: D^(1/2) at 0.
      out.fill(0);
      out[0] = 1 / scale;
    } else out.set(current);
  };
  const setBeta = (theta: Float64Array, out: Float64Array): void => product(theta, -1, -1, out);
  const setProducts = (theta: Float64Array): void => {
    for (let l = 0; l < depth; l++) product(theta, l, l, products[l]);
  };
  const pullbackPredictor = (theta: Float64Array, direction: Float64Array, out: Float64Array): void => {
    setProducts(theta);
    for (let l = 0; l < depth; l++) correlate(products[l], direction, layer(out, l));
  };
  const blocks: ParameterBlock[] = Array.from({ length: depth }, (_, l) => ({ name: `w${l + 1}`, rows: 1, columns: d, offset: l * d }));

  return {
    kind: 'linear-convolution',
    parameterCount: size,
    samples,
    features: d,
    outputsPerSample: 1,
    blocks,
    degree: depth,
    inputs: x,
    predictor: setBeta,
    pullbackPredictor,
    outputs: (theta, out) => {
      setBeta(theta, beta);
      matVec(x, samples, d, beta, out);
    },
    pullback: (theta, cotangent, out) => {
      matTVec(x, samples, d, cotangent, z);
      pullbackPredictor(theta, z, out);
    },
    pushforward: (theta, tangent, out) => {
      setProducts(theta);
      beta.fill(0);
      for (let l = 0; l < depth; l++) {
        convolve(products[l], layer(tangent, l), part);
        for (let j = 0; j < d; j++) beta[j] += part[j];
      }
      matVec(x, samples, d, beta, out);
    },
    curvature: (theta, cotangent, tangent, out) => {
      matTVec(x, samples, d, cotangent, z);
      out.fill(0);
      for (let l = 0; l < depth; l++) {
        for (let m = 0; m < depth; m++) {
          if (m === l) continue;
          product(theta, l, m, part);
          convolve(part, layer(tangent, m), beta);
          correlate(beta, z, part);
          for (let j = 0; j < d; j++) out[l * d + j] += part[j];
        }
      }
    },
    jacobian: (theta, out) => {
      setProducts(theta);
      for (let i = 0; i < samples; i++) {
        for (let l = 0; l < depth; l++)
          correlate(products[l], x.subarray(i * d, (i + 1) * d), out.subarray(i * size + l * d, i * size + (l + 1) * d));
      }
    },
    outputsOn: (theta, rows, count, out) => {
      setBeta(theta, beta);
      matVec(rows, count, d, beta, out);
    },
  };
}
