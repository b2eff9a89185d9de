/** Defaults that depend on what else stands in the file. */
import { DEFAULT_POWER } from './loss-tails';
import type { Experiment, InitSpec, LossSpec, ModelSpec, ParsedFile } from './schema';

/** The init of a model for which the file gives none. */
export function defaultInit(model: ModelSpec): InitSpec {
  switch (model.kind) {
    case 'linear':
      return { kind: 'zero' };
    case 'diagonal':
      return { kind: 'constant', scale: 0.1 };
    case 'linear-network':
    case 'linear-convolution':
    case 'network':
    case 'neuron':
    case 'sum':
      return { kind: 'gaussian', scale: 0.1 };
    case 'scaled':
      return { kind: 'antisymmetric', scale: 1 };
    case 'matrix-factorization':
      return { kind: 'identity', scale: 0.01 };
    default:
      return model satisfies never;
  }
}

/** Fills in what the schema cannot: the loss as an object and the model's own init. */
export function resolveExperiment(parsed: ParsedFile): Experiment {
  return { ...parsed, loss: resolveLoss(parsed.loss), init: parsed.init ?? defaultInit(parsed.model) };
}

/** A loss that is given by its name alone is the mean; a tail without exponent gets the default one. */
function resolveLoss(loss: ParsedFile['loss']): LossSpec {
  const { kind, reduction, power } = typeof loss === 'string' ? { kind: loss, reduction: 'mean' as const, power: undefined } : loss;
  if (kind === 'exponential-power' || kind === 'polynomial') return { kind, reduction, power: power ?? DEFAULT_POWER[kind] };
  return { kind, reduction };
}
