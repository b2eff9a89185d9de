/** Linear predictor x ↦ w·x (+ b). Parameters: w (1×d) [, b (1×1)]. */
import type { Dataset } from '../data/dataset';
import type { ModelSpec } from '../experiment/schema';
import { matTVec, matVec } from '../numerics/dense';
import type { Model, ParameterBlock } from './model';

export function createLinear(spec: Extract<ModelSpec, { kind: 'linear' }>, data: Dataset): Model {
  const { samples, features, x } = data;
  const size = features + (spec.bias ? 1 : 0);
  const blocks: ParameterBlock[] = [{ name: 'w', rows: 1, columns: features, offset: 0 }];
  if (spec.bias) blocks.push({ name: 'b', rows: 1, columns: 1, offset: features });
  const inputs = spec.bias ? withConstant(x, samples, features) : x;

  return {
    kind: 'linear',
    parameterCount: size,
    samples,
    features,
    outputsPerSample: 1,
    blocks,
    degree: 1,
    inputs,
    outputs: (theta, out) => matVec(inputs, samples, size, theta, out),
    pullback: (_theta, cotangent, out) => matTVec(inputs, samples, size, cotangent, out),
    pushforward: (_theta, tangent, out) => matVec(inputs, samples, size, tangent, out),
    curvature: (_theta, _cotangent, _tangent, out) => void out.fill(0),
    curvatureDiagonal: (_theta, _cotangent, out) => void out.fill(0),
    jacobian: (_theta, out) => out.set(inputs),
    predictor: (theta, out) => out.set(theta),
    pullbackPredictor: (_theta, z, out) => out.set(z),
    outputsOn: (theta, rows, count, out) => {
      for (let i = 0; i < count; i++) {
        let sum = spec.bias ? theta[features] : 0;
        for (let j = 0, at = i * features; j < features; j++, at++) sum += rows[at] * theta[j];
        out[i] = sum;
      }
    },
  };
}

/** Rows (x_i, 1). */
function withConstant(x: Float64Array, samples: number, features: number): Float64Array {
  const out = new Float64Array(samples * (features + 1));
  for (let i = 0; i < samples; i++) {
    out.set(x.subarray(i * features, (i + 1) * features), i * (features + 1));
    out[i * (features + 1) + features] = 1;
  }
  return out;
}
