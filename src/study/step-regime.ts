/**
 * What a step size does, told from the curvature before training: r₀ = η λ_max(∇²ℒ(θ₀))/κ at the start and r₁ with the largest λ_max of a
 * cautious way down, against the threshold κ/η of the optimizer.
 */
import { stabilityThreshold } from '../experiment/stability-threshold';
import type { Situation } from '../theory/result';
import { inWords } from '../theory/wording';

/**
 * - r₀ ≥ 1, linear model, square loss: the descent diverges, exactly.
 * - r₀ ≥ 2, square loss, no momentum: beyond 4/λ_max, where two-layer models at large width diverge (A. Lewkowycz et al., 2020, arXiv 2003.02218).
 * - 1 ≤ r₀ < 2: the catapult of the same models: the loss rises first, and the run may end in a flatter place.
 * - r₀ < 1 ≤ r₁: the edge of stability: training sharpens to where the steps are no longer stable.
 * - r₁ < 1: like the flow, stable all the way.
 */
export function stepRegime({ stepSize, experiment, loss, model, curvature, start }: Situation, alongTheWay: number | null): string | null {
  if (stepSize === null) return null;
  const { optimizer } = experiment;
  const eta = `η = ${inWords(stepSize)}`;
  // The metric of Adam is not known before it has stepped.
  const threshold = optimizer.kind === 'adam' ? null : stabilityThreshold(optimizer);
  if (threshold === null || alongTheWay === null || !Number.isFinite(alongTheWay) || !(alongTheWay > 0)) return eta;
  const atStart = model.kind === 'linear' ? alongTheWay : curvature.at(start).sharpness();
  const most = Math.max(alongTheWay, atStart);
  const [first, along] = [atStart, most].map((value) => (stepSize * value) / threshold.factor);
  const bound = (value: number): string => `${threshold.over('λ_max')} = ${inWords(threshold.factor / value)}`;
  if (along < 1) return `${eta} · stable, like the flow: ${bound(most)}${model.kind === 'linear' ? '' : ' on a cautious way down'}`;
  if (first < 1) return `${eta} · edge of stability: ${bound(atStart)} at the start, ${inWords(threshold.factor / most)} later`;
  const plain = optimizer.kind === 'gradient-descent' && optimizer.momentum === 0;
  if (loss.kind !== 'square' || (model.kind !== 'linear' && !plain))
    return `${eta} · unstable at the start: ${bound(atStart)}, the loss need not fall in every step`;
  if (model.kind === 'linear') return `${eta} · divergent: ${bound(atStart)}`;
  return first < 2
    ? `${eta} · catapult: beyond ${bound(atStart)} at the start, the loss rises first`
    : `${eta} · likely divergent: ${inWords(first)} times ${bound(atStart)} at the start`;
}
