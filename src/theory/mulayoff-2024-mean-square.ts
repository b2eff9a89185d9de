/**
 * R. Mulayoff, T. Michaeli, Exact mean square linear stability analysis for SGD, COLT 2024, PMLR 247.
 *
 * Near a minimum the second moments of SGD with batches of B stay bounded exactly when η ≤ η* = 2/λ_max(C†D), C = ½(H⊗I + I⊗H),
 * D = (1 − p) H⊗H + (p/n) Σ H_i⊗H_i, p = (n − B)/(B(n − 1)) for batches without replacement. With replacement the same algebra has p = 1/B. η* does not fall with B.
 */
import type { Figure, Verdict } from '../protocol/report';
import { secondMomentGrowth } from '../solvers/linear-stability';
import { allowance, averageRatio, tooFewSteps, type Regime } from './linear-regime';
import { regimeResult } from './regime-result';
import type { Situation, Trained } from './result';
import { inWords, stepsInWords } from './wording';

const ID = 'mulayoff-2024-mean-square';
/** Directions up to which ρ is drawn over the step size: each point is an eigenvalue problem. */
const DRAWN_DIRECTIONS = 16;
const POINTS = 33;

export const mulayoff2024MeanSquare = regimeResult({
  id: ID,
  title: 'SGD at a minimum that fits every sample: the exact threshold in mean square',
  statement:
    'In the linear regime of such a minimum the second moments of SGD are multiplied by a fixed factor ρ in every step, which is at most 1 exactly when ' +
    'the step is at most η*. Smaller batches only lower η*. It is a statement about the mean of the square: a typical run may settle above η*.',
  formula: 'E‖δ‖²_Q ↦ ρ E‖δ‖²_Q;  ρ ≤ 1 ⇔ η ≤ η* = 2/λ_max(C†D),  C = ½(H⊗I + I⊗H),  D = (1−p) H⊗H + (p/n) Σ Hᵢ⊗Hᵢ,  p = (n−B)/(B(n−1))',
  citation: {
    authors: 'Rotem Mulayoff, Tomer Michaeli',
    year: 2024,
    title: 'Exact Mean Square Linear Stability Analysis for SGD',
    venue: 'Conference on Learning Theory, PMLR 247',
    url: 'https://proceedings.mlr.press/v247/mulayoff24a.html',
  },

  regularizer: 'mean-square-stability',
  symbol: 'E‖δ‖² bounded ⇔ η ≤ η* = 2/λ_max(C†D)',
  optimizerNote: 'stable in mean square up to a step that depends on the batch size',
  inInvariantNorm: true,
  find: (regime, situation) => {
    const { threshold, stepSize, growth } = regime;
    const grows = growth.factor > 1 ? 'grows' : 'falls';
    return {
      symbol: `η* = ${inWords(threshold, 4)}, η = ${inWords(stepSize, 4)}: E‖δ‖² ${grows} by ρ = ${inWords(growth.factor, 5)} a step`,
      judge: (trained) => judge(trained, situation, regime),
      figures: (trained) => [...growthFigure(trained, regime), ...thresholdFigure(regime)],
    };
  },
});

function judge(trained: Trained, situation: Situation, regime: Regime): Verdict {
  const average = averageRatio(trained, situation, 'lawSize', 2);
  const few = tooFewSteps(ID, average);
  if (few !== null) return few;
  const { growth, threshold, stepSize, bounds } = regime;
  const { factor } = growth;
  const value = Math.abs(average.mean / factor - 1);
  const tolerance = situation.experiment.expect?.tolerance ?? allowance(average, situation) / factor;
  const law =
    `At η = ${inWords(stepSize, 4)} the law multiplies E‖δ‖²_Q by ρ = ${inWords(factor, 5)} a step (η* = ${inWords(threshold, 4)}): ` +
    (factor > 1 ? 'unstable in mean square.' : 'stable in mean square.') +
    (stepSize > bounds.nonUniformity && factor <= 1
      ? ` The condition s ≤ 1/(η√p) of Wu, Ma and E is violated: it is not necessary for stability.`
      : '');
  const own = trained.trajectory['lawSize'];
  const typical = factor > 1 && own[own.length - 1] < own[0] ? ' This run itself shrank: the mean is carried by rare runs.' : '';
  return {
    result: ID,
    measure: 'growth of second moments, relative to ρ',
    value,
    tolerance,
    outcome: value <= tolerance ? 'agrees' : 'disagrees',
    says: `${law} Over ${stepsInWords(average.count)} of the run the average factor is ${inWords(average.mean, 5)} ± ${inWords(average.error, 2)}.${typical}`,
  };
}

/** The run beside the mean over all runs. */
function growthFigure({ trajectory }: Trained, { growth }: Regime): readonly Figure[] {
  const { step: steps, lawSize: sizes } = trajectory;
  const kept = steps.flatMap((_, k) => (sizes[k] > 0 && sizes[k] < Infinity ? [k] : []));
  if (kept.length < 2) return [];
  const x = kept.map((k) => steps[k]);
  const own = kept.map((k) => Math.log10(sizes[k] / sizes[kept[0]]) * 2);
  const mean = x.map((t) => (t - x[0]) * Math.log10(growth.factor));
  return [
    {
      kind: 'chart',
      id: 'mean-and-run',
      title: 'The mean of the square and this run',
      says: `In ${stepsInWords(x[x.length - 1])} the mean of ‖δ‖²_Q over all runs changes by ${inWords(mean[mean.length - 1])} powers of ten, in this run by ${inWords(own[own.length - 1])}.`,
      x: { label: 'step', scale: 'linear' },
      y: { label: 'log₁₀ ‖δ‖²_Q / ‖δ(0)‖²_Q', scale: 'linear' },
      series: [
        { name: 'this run', style: 'line', x, y: own },
        { name: 'mean over all runs', style: 'line', x, y: mean },
      ],
    },
  ];
}

/** ρ over the step size, with the bounds of the literature on the axis of steps. */
function thresholdFigure({ minimum, p, stepSize, growth, threshold, bounds }: Regime): readonly Figure[] {
  if (minimum.directions > DRAWN_DIRECTIONS) return [];
  const most = 1.15 * Math.max(stepSize, threshold, bounds.isotropic);
  const steps = Array.from({ length: POINTS }, (_, k) => (most * (k + 1)) / POINTS);
  const at = (step: number): number => secondMomentGrowth(minimum, p, step).factor;
  const marks: readonly (readonly [string, number])[] = [
    ['sufficient: contraction', bounds.contraction],
    ['s ≤ 1/(η√p), of contraction only', bounds.nonUniformity],
    ['exact η*', threshold],
    ['necessary: isotropic', bounds.isotropic],
  ];
  return [
    {
      kind: 'chart',
      id: 'mean-square-threshold',
      title: 'Growth of second moments over the step size',
      says: `ρ passes 1 at η* = ${inWords(threshold, 4)}; contraction ends at ${inWords(bounds.contraction, 4)}, 1/(√p s) is ${inWords(bounds.nonUniformity, 4)}, the isotropic bound ${inWords(bounds.isotropic, 4)}. This run: η = ${inWords(stepSize, 4)}, ρ = ${inWords(growth.factor, 5)}.`,
      x: { label: 'step size η', scale: 'linear' },
      y: { label: 'ρ', scale: 'linear' },
      series: [
        { name: 'ρ(η)', style: 'line', x: steps, y: steps.map(at) },
        ...marks.filter(([, step]) => step <= most).map(([name, step]) => ({ name, style: 'points' as const, x: [step], y: [at(step)] })),
        { name: 'this run', style: 'points', x: [stepSize], y: [growth.factor] },
      ],
    },
  ];
}
