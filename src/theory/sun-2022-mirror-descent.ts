/**
 * H. Sun, K. Ahn, C. Thrampoulidis, N. Azizan, Mirror descent maximizes generalized margin and can be implemented efficiently, NeurIPS 2022:
 * with ψ = Σ|w|^p/p and small enough steps, the direction becomes that of the largest ℓp margin.
 */
import { mirrorResult } from './mirror-margin';

export const sun2022MirrorDescent = mirrorResult({
  id: 'sun-2022-mirror-descent',
  potential: 'p-norm',
  title: 'Mirror descent with the p-norm: the largest ℓp margin',
  statement:
    'On linearly separable data, mirror descent with the potential Σ|w|^p/p, small enough steps and a loss with an exponential tail ' +
    'converges in direction to the predictor of the largest ℓp margin.',
  formula: 'ψ(w) = Σ|w|^p/p:  w(t)/‖w(t)‖_p → argmax over ‖w‖_p ≤ 1 of minᵢ yᵢ w·xᵢ',
  citation: {
    authors: 'Haoyuan Sun, Kwangjun Ahn, Christos Thrampoulidis, Navid Azizan',
    year: 2022,
    title: 'Mirror Descent Maximizes Generalized Margin and Can Be Implemented Efficiently',
    venue: 'Advances in Neural Information Processing Systems 35',
    url: 'https://arxiv.org/abs/2205.12808',
  },
});
