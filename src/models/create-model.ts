/** A model from its description, bound to the inputs it will be trained on. */
import type { Dataset } from '../data/dataset';
import type { ModelSpec } from '../experiment/schema';
import type { ActivationSpec } from './activation';
import { createConvolution } from './convolution';
import { createDiagonal } from './diagonal';
import { createFeedForward } from './feed-forward';
import { createLinear } from './linear';
import { createMatrixFactorization } from './matrix-factorization';
import type { Model } from './model';
import { createNeuron } from './neuron';
import { createScaled } from './scaled';
import { createSum } from './sum';

/** Slope of a leaky ReLU for which the file gives none. */
const LEAKY_SLOPE = 0.1;

type Activation = Extract<ModelSpec, { kind: 'network' }>['activation'];

export function activationSpec(activation: Activation): ActivationSpec {
  if (typeof activation !== 'string') return activation;
  return activation === 'leaky-relu' ? { kind: activation, slope: LEAKY_SLOPE } : { kind: activation };
}

const LINEAR = { activation: { kind: 'identity' }, bias: 'none', residual: false, trainable: 'all' } as const;

/**
 * @param outputs K outputs a sample: the number of classes of a cross-entropy loss, else 1
 * @param frozen start of all layers of a network of which only the first is trained
 */
export function createModel(spec: ModelSpec, data: Dataset, outputs = 1, frozen?: Float64Array): Model {
  switch (spec.kind) {
    case 'linear':
      return outputs === 1
        ? createLinear(spec, data)
        : createFeedForward({ kind: 'linear', ...LINEAR, widths: [], outputs, bias: spec.bias ? 'all' : 'none' }, data);
    case 'diagonal':
      return createDiagonal(spec, data);
    case 'linear-network':
      return createFeedForward({ kind: 'linear-network', ...LINEAR, widths: spec.widths, outputs }, data);
    case 'linear-convolution':
      return createConvolution(spec.depth, data);
    case 'network':
      return createFeedForward({ ...spec, outputs, activation: activationSpec(spec.activation) }, data, frozen);
    case 'neuron':
      return createNeuron(activationSpec(spec.activation), data);
    case 'matrix-factorization':
      return createMatrixFactorization(spec, data);
    case 'sum':
      return createSum(
        spec.terms.map((term) => createModel(term.kind === 'network' ? { ...term, trainable: 'all' } : term, data, outputs)),
      );
    case 'scaled':
      return createScaled(createModel({ ...spec.model, trainable: 'all' }, data, outputs), factorOf(spec));
    default:
      return spec satisfies never;
  }
}

/** α, or α/√m. */
export function factorOf({ factor, perRootWidth, model }: Extract<ModelSpec, { kind: 'scaled' }>): number {
  return perRootWidth ? factor / Math.sqrt(model.widths[model.widths.length - 1]) : factor;
}
