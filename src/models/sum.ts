/** Sum of models on the same inputs, each with parameters of its own: f = Σ_t f_t(θ_t; x). Blocks are named "1.w", "2.u", … */
import type { Model } from './model';

export function createSum(terms: readonly Model[]): Model {
  const [first] = terms;
  const outputs = first.samples * first.outputsPerSample;
  const offsets: number[] = [];
  let total = 0;
  for (const term of terms) {
    offsets.push(total);
    total += term.parameterCount;
  }
  const part = (theta: Float64Array, t: number): Float64Array => theta.subarray(offsets[t], offsets[t] + terms[t].parameterCount);
  const value = new Float64Array(outputs);
  const kinked = terms.find(({ kinks }) => kinks !== undefined)?.kinks;
  const degrees = new Set(terms.map(({ degree }) => degree));
  const inputs = terms.every((term) => term.inputs !== undefined && term.inputs === first.inputs) ? first.inputs : undefined;
  const beta = inputs === undefined ? new Float64Array(0) : new Float64Array((first.outputsPerSample * inputs.length) / first.samples);
  let jacobians: Float64Array[] | null = null;
  const add = (out: Float64Array, each: (term: Model, t: number, target: Float64Array) => void, buffer: Float64Array): void => {
    out.fill(0);
    terms.forEach((term, t) => {
      each(term, t, buffer);
      for (let i = 0; i < out.length; i++) out[i] += buffer[i];
    });
  };

  return {
    kind: 'sum',
    terms: terms.map((model, t) => ({ model, offset: offsets[t] })),
    parameterCount: total,
    samples: first.samples,
    features: first.features,
    outputsPerSample: first.outputsPerSample,
    blocks: terms.flatMap((term, t) =>
      term.blocks.map((block) => ({ ...block, name: `${t + 1}.${block.name}`, offset: block.offset + offsets[t] })),
    ),
    degree: degrees.size === 1 ? first.degree : null,
    ...(kinked === undefined ? {} : { kinks: kinked }),
    ...(inputs === undefined
      ? {}
      : {
          inputs,
          predictor: (theta: Float64Array, out: Float64Array): void =>
            add(out, (term, t, target) => term.predictor?.(part(theta, t), target), beta),
        }),
    outputs: (theta, out) => add(out, (term, t, target) => term.outputs(part(theta, t), target), value),
    pushforward: (theta, v, out) => add(out, (term, t, target) => term.pushforward(part(theta, t), part(v, t), target), value),
    pullback: (theta, cotangent, out) => terms.forEach((term, t) => term.pullback(part(theta, t), cotangent, part(out, t))),
    curvature: (theta, cotangent, v, out) =>
      terms.forEach((term, t) => term.curvature(part(theta, t), cotangent, part(v, t), part(out, t))),
    jacobian: (theta, out) => {
      jacobians ??= terms.map((term) => new Float64Array(outputs * term.parameterCount));
      for (const [t, term] of terms.entries()) {
        const rows = jacobians[t];
        term.jacobian(part(theta, t), rows);
        for (let i = 0; i < outputs; i++)
          out.set(rows.subarray(i * term.parameterCount, (i + 1) * term.parameterCount), i * total + offsets[t]);
      }
    },
    outputsOn: (theta, x, rows, out) =>
      add(out, (term, t, target) => term.outputsOn(part(theta, t), x, rows, target), new Float64Array(rows * first.outputsPerSample)),
  };
}
