/** The norm in which an optimizer is known, or expected, to maximise the margin of a linear classifier. */
import type { OptimizerSpec } from '../experiment/schema';
import { NORMS, normP } from '../numerics/norms';
import { createNorm } from '../numerics/create-norm';

export interface MarginNorm {
  /** "ℓ1", "ℓ∞", "P", "ℓ1.5". */
  readonly symbol: string;
  of(v: Float64Array): number;
}

/** Null for optimizers whose norm is the ℓ2 one, or that have none. */
export function marginNorm(optimizer: OptimizerSpec): MarginNorm | null {
  switch (optimizer.kind) {
    case 'steepest-descent':
      return createNorm(optimizer.norm);
    case 'adam':
      return NORMS.linf;
    case 'mirror-descent': {
      const { potential } = optimizer;
      if (potential === 'entropy') return null;
      if (potential.kind === 'hypentropy') return NORMS.l1;
      const { p } = potential;
      return { symbol: `ℓ${p}`, of: (v) => normP(v, p) };
    }
    case 'gradient-flow':
    case 'gradient-descent':
    case 'sgd':
      return null;
    default:
      return optimizer satisfies never;
  }
}
