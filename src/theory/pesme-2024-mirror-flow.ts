/**
 * S. Pesme, R. Dragomir, N. Flammarion, Implicit bias of mirror flow on separable data, NeurIPS 2024 (later than the review article):
 * mirror flow goes to the φ_∞-max-margin, φ_∞ the horizon function of the potential; that of the hypentropy is proportional to the ℓ1 norm.
 */
import { mirrorResult } from './mirror-margin';

export const pesme2024MirrorFlow = mirrorResult({
  id: 'pesme-2024-mirror-flow',
  potential: 'hypentropy',
  title: 'Mirror flow with the hypentropy: the largest ℓ1 margin',
  statement:
    'On linearly separable data, mirror flow on a loss with an exponential tail goes to the max margin in the horizon function of its potential, which for the ' +
    'hypentropy is the ℓ1 norm, whatever β; small steps follow the flow. (A result later than the review article.)',
  formula: 'φ_∞(w) = lim φ(ηw)/φ̄(η) ∝ ‖w‖₁:  w(t)/‖w(t)‖ → argmax over ‖w‖₁ ≤ 1 of minᵢ yᵢ w·xᵢ',
  citation: {
    authors: 'Scott Pesme, Radu-Alexandru Dragomir, Nicolas Flammarion',
    year: 2024,
    title: 'Implicit Bias of Mirror Flow on Separable Data',
    venue: 'Advances in Neural Information Processing Systems 37',
    url: 'https://arxiv.org/abs/2406.12763',
  },
});
