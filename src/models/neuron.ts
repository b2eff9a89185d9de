/** A single neuron x ↦ σ(w·x). Parameters: w (1 × d). */
import type { Dataset } from '../data/dataset';
import type { ActivationSpec } from './activation';
import { createFeedForward } from './feed-forward';
import type { Model } from './model';

/** One hidden unit whose outer weight is 1 and not trained. */
export function createNeuron(activation: ActivationSpec, data: Dataset): Model {
  const frozen = new Float64Array(data.features + 1);
  frozen[data.features] = 1;
  const shape = { kind: 'neuron', widths: [1], outputs: 1, activation, bias: 'none', residual: false, trainable: 'first' } as const;
  const model = createFeedForward(shape, data, frozen);
  return { ...model, blocks: [{ ...model.blocks[0], name: 'w' }] };
}
