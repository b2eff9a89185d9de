/**
 * The largest curvature at which a descent is linearly stable: on ½λ(θ − θ*)² its iterates stay bounded exactly for λ ≤ κ/η.
 * From the roots of the characteristic polynomials, which leave the unit disc at −1 (J. Cohen et al., Gradient descent on neural
 * networks typically occurs at the edge of stability, ICLR 2021, Appendix B; for Adam J. Cohen et al., Adaptive gradient methods at the
 * edge of stability, arXiv 2207.14484):
 *
 *     gradient descent                              κ = 2
 *     heavy ball   v ← βv − ηg(θ)                   κ = 2(1 + β)
 *     Nesterov     v ← βv − ηg(θ + βv)              κ = 2(1 + β)/(1 + 2β)
 *     mean         m ← βm + (1 − β)g, θ ← θ − ηm    κ = 2(1 + β)/(1 − β)
 *     Adam         the mean with g ← P⁻¹g           κ = 2(1 + β₁)/(1 − β₁), λ of P^(−1/2)∇²ℒP^(−1/2)
 */
import type { OptimizerSpec } from './schema';

export interface StabilityThreshold {
  /** κ. */
  readonly factor: number;
  /** κ over what stands in the denominator: over("η") is "2(1 + β)/η". */
  over(denominator: string): string;
}

/**
 * Null where no constant curvature bounds the steps: a flow, normalised or decaying steps, a term added to the loss, other geometries.
 * Of SGD it is the threshold of its mean; the noise lowers that of its spread.
 */
export function stabilityThreshold(optimizer: OptimizerSpec): StabilityThreshold | null {
  switch (optimizer.kind) {
    case 'sgd':
      return optimizer.schedule === 'constant' ? plain : null;
    case 'gradient-descent':
      if (optimizer.normalize !== 'none' || optimizer.weightDecay > 0) return null;
      return optimizer.momentum === 0 ? plain : momentumThreshold(optimizer.momentumKind, optimizer.momentum);
    case 'adam':
      return optimizer.schedule === 'constant' ? momentumThreshold('ema', optimizer.beta1) : null;
    case 'gradient-flow':
    case 'steepest-descent':
    case 'mirror-descent':
      return null;
    default:
      return optimizer satisfies never;
  }
}

const plain: StabilityThreshold = { factor: 2, over: (denominator) => `2/${denominator}` };

function momentumThreshold(kind: MomentumKind, beta: number): StabilityThreshold {
  if (beta === 0) return plain;
  switch (kind) {
    case 'heavy-ball':
      return { factor: 2 * (1 + beta), over: (denominator) => `2(1 + β)/${denominator}` };
    case 'nesterov':
      return { factor: (2 * (1 + beta)) / (1 + 2 * beta), over: (denominator) => `2(1 + β)/((1 + 2β)${denominator})` };
    case 'ema':
      return { factor: (2 * (1 + beta)) / (1 - beta), over: (denominator) => `2(1 + β)/((1 − β)${denominator})` };
    default:
      return kind satisfies never;
  }
}

type MomentumKind = Extract<OptimizerSpec, { kind: 'gradient-descent' }>['momentumKind'];
