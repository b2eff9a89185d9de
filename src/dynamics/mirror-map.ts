/**
 * Mirror maps ∇ψ of separable potentials and their inverses, entry by entry.
 *
 * | potential  | ψ(w)                              | ∇ψ(w)              | (∇ψ)⁻¹(θ)             |
 * | p-norm     | Σ|w|^p / p                        | sgn(w)|w|^(p−1)    | sgn(θ)|θ|^(1/(p−1))   |
 * | entropy    | Σ w ln w − w, w > 0               | ln w               | e^θ                   |
 * | hypentropy | Σ w asinh(w/β) − √(w² + β²)       | asinh(w/β)         | β sinh θ              |
 *
 * Sources: H. Sun, K. Ahn, C. Thrampoulidis, N. Azizan, NeurIPS 2022 (p-norm); U. Ghai, E. Hazan, Y. Singer, ALT 2020 (hypentropy).
 */
export interface MirrorMap {
  /** ∂ψ/∂w of one entry. */
  forward(w: number): number;
  /** Its inverse. */
  backward(dual: number): number;
}

export type Potential =
  { readonly kind: 'p-norm'; readonly p: number } | { readonly kind: 'entropy' } | { readonly kind: 'hypentropy'; readonly beta: number };

export function mirrorMap(potential: Potential): MirrorMap {
  switch (potential.kind) {
    case 'p-norm': {
      const power = potential.p - 1;
      return {
        forward: (w) => Math.sign(w) * Math.pow(Math.abs(w), power),
        backward: (dual) => Math.sign(dual) * Math.pow(Math.abs(dual), 1 / power),
      };
    }
    case 'entropy':
      return { forward: Math.log, backward: Math.exp };
    case 'hypentropy': {
      const { beta } = potential;
      return { forward: (w) => Math.asinh(w / beta), backward: (dual) => beta * Math.sinh(dual) };
    }
    default:
      return potential satisfies never;
  }
}
