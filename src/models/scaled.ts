/** A model times a constant: f = α g, with the parameters of g. */
import type { Model } from './model';

export function createScaled(inner: Model, factor: number): Model {
  const cotangent = new Float64Array(inner.samples * inner.outputsPerSample);
  const times = (out: Float64Array): void => {
    for (let i = 0; i < out.length; i++) out[i] *= factor;
  };
  const scaled = (c: Float64Array): Float64Array => {
    for (let i = 0; i < c.length; i++) cotangent[i] = factor * c[i];
    return cotangent;
  };
  return {
    kind: 'scaled',
    parameterCount: inner.parameterCount,
    samples: inner.samples,
    features: inner.features,
    outputsPerSample: inner.outputsPerSample,
    blocks: inner.blocks,
    degree: inner.degree,
    ...(inner.kinks === undefined ? {} : { kinks: inner.kinks }),
    outputs: (theta, out) => {
      inner.outputs(theta, out);
      times(out);
    },
    pullback: (theta, c, out) => inner.pullback(theta, scaled(c), out),
    pushforward: (theta, tangent, out) => {
      inner.pushforward(theta, tangent, out);
      times(out);
    },
    curvature: (theta, c, tangent, out) => inner.curvature(theta, scaled(c), tangent, out),
    jacobian: (theta, out) => {
      inner.jacobian(theta, out);
      times(out);
    },
    outputsOn: (theta, x, rows, out) => {
      inner.outputsOn(theta, x, rows, out);
      times(out);
    },
  };
}
