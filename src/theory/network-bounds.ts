/** What the bounds on networks have in common: which networks, and the norms of their layers. */
import type { Experiment, ModelSpec } from '../experiment/schema';
import { svd } from '../numerics/svd';
import { norm2 } from '../numerics/vectors';
import type { Condition } from '../protocol/report';
import type { Situation } from './result';
import { condition } from './wording';

type Network = Extract<ModelSpec, { kind: 'network' | 'linear-network' }>;

/** A feed-forward network trained on a loss of the margin, of all its layers. */
export function networkOf({ model, loss }: Experiment): Network | null {
  if (loss.kind === 'square' || loss.kind === 'cross-entropy') return null;
  return model.kind === 'network' || model.kind === 'linear-network' ? model : null;
}

export function networkConditions(experiment: Experiment): Condition[] {
  const model = networkOf(experiment);
  if (model === null || model.kind === 'linear-network')
    return [condition('1-Lipschitz, positively homogeneous activation', true, 'linear layers')];
  const { activation, bias, residual, trainable } = model;
  const kind = typeof activation === 'string' ? activation : activation.kind;
  const slope = typeof activation === 'string' ? 0 : activation.slope;
  const fits = kind === 'relu' || kind === 'identity' || (kind === 'leaky-relu' && Math.abs(slope) <= 1);
  const plain = bias === 'none' && !residual && trainable === 'all';
  return [
    condition('1-Lipschitz, positively homogeneous activation', fits, kind),
    condition(
      'plain layers, all of them trained, without biases',
      plain,
      plain
        ? 'weights only'
        : [
            bias === 'none' ? '' : `biases: ${bias}`,
            residual ? 'residual connections' : '',
            trainable === 'all' ? '' : 'only the first layer is trained',
          ]
            .filter(Boolean)
            .join(', '),
    ),
  ];
}

export interface LayerNorms {
  readonly frobenius: number;
  readonly spectral: number;
  /** ‖Wᵀ‖₂,₁: the sum of the lengths of the rows of W. */
  readonly rows: number;
}

/** Norms of every layer W_l, units × inputs. */
export function layerNorms({ model }: Situation, parameters: Float64Array): readonly LayerNorms[] {
  return model.blocks.map(({ offset, rows, columns }) => {
    const weights = parameters.subarray(offset, offset + rows * columns);
    let lengths = 0;
    for (let i = 0; i < rows; i++) lengths += norm2(weights.subarray(i * columns, (i + 1) * columns));
    return { frobenius: norm2(weights), spectral: svd(Float64Array.from(weights), rows, columns).s[0], rows: lengths };
  });
}
