/** A two-layer network seen as a sum of units: f(x) = Σ_j v_j φ(a_j·x̃), x̃ = x or (x, 1) with a bias in the first layer. */
import type { Experiment } from '../experiment/schema';
import { activationSpec } from '../models/create-model';
import type { UnitActivation } from '../solvers/unit-peaks';
import type { Situation } from './result';

type NetworkSpec = Extract<Experiment['model'], { kind: 'network' }>;

export interface Units {
  readonly count: number;
  /** Length of x̃. */
  readonly dimension: number;
  /** Rows a_j, count × dimension. */
  readonly directions: Float64Array;
  /** v_j. */
  readonly outputs: Float64Array;
}

/** The network of an experiment when it has one hidden layer, no residual connection and no bias beyond the first layer. */
export function twoLayerSpec({ model }: Experiment): NetworkSpec | null {
  return model.kind === 'network' && model.widths.length === 1 && !model.residual && model.bias !== 'all' ? model : null;
}

/** φ where it is piecewise linear or quadratic, else null. */
export function unitActivation(spec: NetworkSpec): UnitActivation | null {
  const activation = activationSpec(spec.activation);
  switch (activation.kind) {
    case 'relu':
      return { kind: 'piecewise', slope: 0 };
    case 'leaky-relu':
      return { kind: 'piecewise', slope: activation.slope };
    case 'quadratic':
      return { kind: 'quadratic' };
    default:
      return null;
  }
}

/** Rows x̃_i, samples × dimension. */
export function unitInputs({ data }: Situation, spec: NetworkSpec): { readonly x: Float64Array; readonly dimension: number } {
  if (spec.bias === 'none') return { x: data.x, dimension: data.features };
  const dimension = data.features + 1;
  const x = new Float64Array(data.samples * dimension).fill(1);
  for (let i = 0; i < data.samples; i++) x.set(data.x.subarray(i * data.features, (i + 1) * data.features), i * dimension);
  return { x, dimension };
}

/** The units at parameters θ of the situation's model. */
export function unitsOf(situation: Situation, spec: NetworkSpec, theta: Float64Array): Units {
  const { data } = situation;
  const count = spec.widths[0];
  const d = data.features;
  const dimension = spec.bias === 'none' ? d : d + 1;
  const directions = new Float64Array(count * dimension);
  for (let j = 0; j < count; j++) {
    directions.set(theta.subarray(j * d, (j + 1) * d), j * dimension);
    if (dimension > d) directions[j * dimension + d] = theta[count * d + j];
  }
  const outputs = spec.trainable === 'all' ? theta.slice(count * dimension, count * (dimension + 1)) : frozenOutputs(situation, spec);
  return { count, dimension, directions, outputs };
}

/** The output weights of a network whose first layer alone is trained, read off its answers to one unit at a time. */
function frozenOutputs(situation: Situation, spec: NetworkSpec): Float64Array {
  const { model, data } = situation;
  const count = spec.widths[0];
  const d = data.features;
  const { x, dimension } = unitInputs(situation, spec);
  const lengths = Array.from({ length: data.samples }, (_, i) => squaredLength(x, i * dimension, dimension));
  const longest = lengths.indexOf(Math.max(...lengths));
  const answers = new Float64Array(data.samples);
  return Float64Array.from({ length: count }, (_, j) => {
    // a_j·x̃ = 1 on that sample, where φ(1) = 1.
    const theta = new Float64Array(model.parameterCount);
    for (let k = 0; k < dimension; k++) {
      theta[k < d ? j * d + k : count * d + j] = x[longest * dimension + k] / lengths[longest];
    }
    model.outputs(theta, answers);
    return answers[longest];
  });
}

function squaredLength(x: Float64Array, at: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += x[at + k] * x[at + k];
  return sum;
}
