/** Degree of homogeneity in the parameters, read from the architecture, with the reason where there is none. */
import type { ModelSpec } from '../experiment/schema';
import { activationSpec } from '../models/create-model';
import { createActivation } from '../models/activation';
import type { Model } from '../models/model';
import { norm2 } from '../numerics/vectors';

export interface Homogeneity {
  /** L with f(cθ) = c^L f(θ) for c > 0; null when there is none. */
  readonly degree: number | null;
  /** How the degree comes about, or what breaks it. */
  readonly because: string;
}

/** @param spec any model of the file format */
export function homogeneityOf(spec: ModelSpec): Homogeneity {
  switch (spec.kind) {
    case 'linear':
      return { degree: 1, because: 'linear in the weights' };
    case 'diagonal':
    case 'linear-convolution':
      return { degree: spec.depth, because: `a product of ${spec.depth} layers` };
    case 'matrix-factorization':
      return { degree: spec.depth, because: `a product of ${spec.depth} factors` };
    case 'linear-network':
      return { degree: spec.widths.length + 1, because: `a product of ${spec.widths.length + 1} layers` };
    case 'network':
      return ofNetwork(spec);
    case 'neuron': {
      const { degree, name } = createActivation(activationSpec(spec.activation));
      return { degree, because: degree === null ? `${name} is not homogeneous` : `one unit behind ${name}` };
    }
    case 'scaled':
      return ofNetwork({ ...spec.model, trainable: 'all' });
    case 'sum': {
      const degrees = spec.terms.map((term) => homogeneityOf(term.kind === 'network' ? { ...term, trainable: 'all' } : term));
      const broken = degrees.find(({ degree }) => degree === null);
      if (broken !== undefined) return broken;
      const [first] = degrees;
      const orders = degrees.map(({ degree }) => degree).join(' and ');
      return degrees.every(({ degree }) => degree === first.degree)
        ? { degree: first.degree, because: `a sum of terms of degree ${first.degree ?? 0}` }
        : { degree: null, because: `a sum of terms of different degrees, ${orders}` };
    }
    default:
      return spec satisfies never;
  }
}

function ofNetwork(spec: Extract<ModelSpec, { kind: 'network' }>): Homogeneity {
  const activation = createActivation(activationSpec(spec.activation));
  const { degree } = activation;
  const layers = spec.widths.length + 1;
  if (degree === null) return { degree: null, because: `${activation.name} is not homogeneous: σ(cz) is no power of c times σ(z)` };
  if (spec.residual && spec.widths.some((width, l) => l > 0 && width === spec.widths[l - 1])) {
    return { degree: null, because: 'a residual connection adds terms of different degrees' };
  }
  if (spec.bias === 'all') {
    return { degree: null, because: 'a bias beyond the first layer is of degree 1 where the product it is added to is of a higher one' };
  }
  const bias = spec.bias === 'first' ? ', a bias in the first layer alone keeps it so' : '';
  if (spec.trainable === 'first') {
    const order = Math.pow(degree, spec.widths.length);
    return { degree: order, because: `only the first layer is trained, behind ${spec.widths.length} × ${activation.name}${bias}` };
  }
  const order = spec.widths.reduce((sum) => (sum + 1) * degree, 0) + 1;
  return { degree: order, because: `${layers} layers with ${activation.name} between them${bias}` };
}

/**
 * Largest relative violation of f(cθ) = c^L f(θ) on the samples, at c = ½ and 2 and a θ that is shifted off the start, where
 * all may vanish. The check of a degree that was derived from the architecture.
 */
export function homogeneityViolation(model: Model, start: Float64Array, degree: number): number {
  const size = norm2(start) || 1;
  const theta = start.map((value, k) => value + 0.1 * size * Math.sin(1 + k));
  const outputs = new Float64Array(model.samples * model.outputsPerSample);
  const scaled = new Float64Array(outputs.length);
  model.outputs(theta, outputs);
  let largest = 0;
  for (const c of [0.5, 2]) {
    model.outputs(
      theta.map((value) => c * value),
      scaled,
    );
    const power = Math.pow(c, degree);
    const unit = power * (norm2(outputs) || 1);
    for (let i = 0; i < outputs.length; i++) largest = Math.max(largest, Math.abs(scaled[i] - power * outputs[i]) / unit);
  }
  return largest;
}
