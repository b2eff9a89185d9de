/**
 * Mirror descent: ∇ψ(θ) ← ∇ψ(θ) − η∇ℒ(θ), or −η∇ℒ/ℒ when divided by the loss, or −η∇ℒ/‖∇ℒ‖₂.
 * The dual variable ∇ψ(θ) is what is kept and added to, so that nothing is lost where ∇ψ is flat.
 */
import { norm2 } from '../numerics/vectors';
import type { Normalization } from './descent-options';
import type { Dynamics } from './dynamics';
import type { MirrorMap } from './mirror-map';
import type { Objective } from './objective';
import { ScaledDescent } from './scaled-descent';

export interface MirrorDescentOptions {
  /** η > 0, for the loss with its reduction. */
  readonly stepSize: number;
  readonly map: MirrorMap;
  readonly normalize: Normalization;
}

/** @param start θ(0) in the domain of the potential, copied */
export function createMirrorDescent(objective: Objective, start: Float64Array, options: MirrorDescentOptions): Dynamics {
  const { map, stepSize } = options;
  const parameters = start.slice();
  const dual = start.map((value) => map.forward(value));
  return new ScaledDescent('mirror-descent', objective, parameters, options, (scaled) => {
    const { gradient } = scaled;
    const rate = scaled.rate(stepSize, norm2(gradient));
    let changed = false;
    for (let j = 0; j < dual.length; j++) {
      const next = dual[j] - rate * gradient[j];
      changed ||= next !== dual[j];
      dual[j] = next;
      parameters[j] = map.backward(next);
    }
    return changed;
  });
}
