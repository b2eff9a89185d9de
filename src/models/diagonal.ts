/**
 * Diagonal linear networks.
 * Tied (Woodworth et al. 2020, eq. 2): x ↦ (u^D − v^D)·x with entrywise powers; parameters u, v.
 * Untied (Gunasekar et al. 2018b): x ↦ (w1∘…∘wD)·x; parameters w1 … wD.
 * Both are x ↦ β(θ)·x with β a function of one coordinate's parameters at a time.
 */
import type { Dataset } from '../data/dataset';
import type { ModelSpec } from '../experiment/schema';
import { matTVec, matVec } from '../numerics/dense';
import type { Model, ParameterBlock } from './model';

export function createDiagonal(spec: Extract<ModelSpec, { kind: 'diagonal' }>, data: Dataset): Model {
  return spec.tied ? createTied(spec.depth, data) : createUntied(spec.depth, data);
}

/** t ↦ t^k for a small non-negative integer k, without the rounding of Math.pow for k ≤ 3. */
function power(t: number, k: number): number {
  switch (k) {
    case 0:
      return 1;
    case 1:
      return t;
    case 2:
      return t * t;
    case 3:
      return t * t * t;
    default:
      return Math.pow(t, k);
  }
}

function createTied(depth: number, data: Dataset): Model {
  const { samples, features: d, x } = data;
  const beta = new Float64Array(d);
  const gradient = new Float64Array(d);
  const setBeta = (theta: Float64Array, out: Float64Array): void => {
    for (let j = 0; j < d; j++) out[j] = power(theta[j], depth) - power(theta[d + j], depth);
  };
  const pullbackPredictor = (theta: Float64Array, z: Float64Array, out: Float64Array): void => {
    for (let j = 0; j < d; j++) {
      out[j] = depth * power(theta[j], depth - 1) * z[j];
      out[d + j] = -depth * power(theta[d + j], depth - 1) * z[j];
    }
  };
  const blocks: ParameterBlock[] = ['u', 'v'].map((name, k) => ({ name, rows: 1, columns: d, offset: k * d }));

  return {
    kind: 'diagonal-tied',
    parameterCount: 2 * d,
    samples,
    features: d,
    outputsPerSample: 1,
    blocks,
    degree: depth,
    inputs: x,
    outputs: (theta, out) => {
      setBeta(theta, beta);
      matVec(x, samples, d, beta, out);
    },
    pullback: (theta, cotangent, out) => {
      matTVec(x, samples, d, cotangent, gradient);
      pullbackPredictor(theta, gradient, out);
    },
    pushforward: (theta, tangent, out) => {
      for (let j = 0; j < d; j++) {
        beta[j] = depth * (power(theta[j], depth - 1) * tangent[j] - power(theta[d + j], depth - 1) * tangent[d + j]);
      }
      matVec(x, samples, d, beta, out);
    },
    curvature: (theta, cotangent, tangent, out) => {
      matTVec(x, samples, d, cotangent, gradient);
      const c = depth * (depth - 1);
      for (let j = 0; j < d; j++) {
        out[j] = c * power(theta[j], depth - 2) * gradient[j] * tangent[j];
        out[d + j] = -c * power(theta[d + j], depth - 2) * gradient[j] * tangent[d + j];
      }
    },
    curvatureDiagonal: (theta, cotangent, out) => {
      matTVec(x, samples, d, cotangent, gradient);
      const c = depth * (depth - 1);
      for (let j = 0; j < d; j++) {
        out[j] = c * power(theta[j], depth - 2) * gradient[j];
        out[d + j] = -c * power(theta[d + j], depth - 2) * gradient[j];
      }
    },
    jacobian: (theta, out) => {
      for (let j = 0; j < d; j++) {
        const du = depth * power(theta[j], depth - 1);
        const dv = -depth * power(theta[d + j], depth - 1);
        for (let i = 0; i < samples; i++) {
          const value = x[i * d + j];
          out[i * 2 * d + j] = du * value;
          out[i * 2 * d + d + j] = dv * value;
        }
      }
    },
    predictor: setBeta,
    pullbackPredictor,
    outputsOn: (theta, rows, count, out) => {
      setBeta(theta, beta);
      matVec(rows, count, d, beta, out);
    },
  };
}

function createUntied(depth: number, data: Dataset): Model {
  const { samples, features: d, x } = data;
  const beta = new Float64Array(d);
  const gradient = new Float64Array(d);
  const setBeta = (theta: Float64Array, out: Float64Array): void => {
    for (let j = 0; j < d; j++) {
      let product = theta[j];
      for (let l = 1; l < depth; l++) product *= theta[l * d + j];
      out[j] = product;
    }
  };
  /** Product of all layers' entries j except those of layers a and b (b = −1: except a alone). */
  const productWithout = (theta: Float64Array, j: number, a: number, b: number): number => {
    let product = 1;
    for (let l = 0; l < depth; l++) if (l !== a && l !== b) product *= theta[l * d + j];
    return product;
  };
  const pullbackPredictor = (theta: Float64Array, z: Float64Array, out: Float64Array): void => {
    for (let l = 0; l < depth; l++) for (let j = 0; j < d; j++) out[l * d + j] = productWithout(theta, j, l, -1) * z[j];
  };
  const blocks: ParameterBlock[] = Array.from({ length: depth }, (_, l) => ({ name: `w${l + 1}`, rows: 1, columns: d, offset: l * d }));

  return {
    kind: 'diagonal-untied',
    parameterCount: depth * d,
    samples,
    features: d,
    outputsPerSample: 1,
    blocks,
    degree: depth,
    inputs: x,
    outputs: (theta, out) => {
      setBeta(theta, beta);
      matVec(x, samples, d, beta, out);
    },
    pullback: (theta, cotangent, out) => {
      matTVec(x, samples, d, cotangent, gradient);
      pullbackPredictor(theta, gradient, out);
    },
    pushforward: (theta, tangent, out) => {
      for (let j = 0; j < d; j++) {
        let sum = 0;
        for (let l = 0; l < depth; l++) sum += productWithout(theta, j, l, -1) * tangent[l * d + j];
        beta[j] = sum;
      }
      matVec(x, samples, d, beta, out);
    },
    curvature: (theta, cotangent, tangent, out) => {
      matTVec(x, samples, d, cotangent, gradient);
      for (let l = 0; l < depth; l++) {
        for (let j = 0; j < d; j++) {
          let sum = 0;
          for (let m = 0; m < depth; m++) if (m !== l) sum += productWithout(theta, j, l, m) * tangent[m * d + j];
          out[l * d + j] = gradient[j] * sum;
        }
      }
    },
    jacobian: (theta, out) => {
      for (let l = 0; l < depth; l++) {
        for (let j = 0; j < d; j++) {
          const factor = productWithout(theta, j, l, -1);
          for (let i = 0; i < samples; i++) out[i * depth * d + l * d + j] = factor * x[i * d + j];
        }
      }
    },
    predictor: setBeta,
    pullbackPredictor,
    outputsOn: (theta, rows, count, out) => {
      setBeta(theta, beta);
      matVec(rows, count, d, beta, out);
    },
  };
}
