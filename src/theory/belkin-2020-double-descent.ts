/**
 * M. Belkin, D. Hsu, J. Xu, Two models of double descent for weak features, SIAM Journal on Mathematics of Data Science 2(4), 2020,
 * Theorem 1: x ~ N(0, I_D), y = b·x + σe, least squares of minimum norm on the p coordinates T out of n samples has the risk
 *   p ≤ n − 2:  s²(1 + p/(n − p − 1)),                        s² = ‖b_Tᶜ‖² + σ²,
 *   p ≥ n + 2:  ‖b_T‖²(1 − n/p) + s²(1 + n/(p − n − 1)),
 * and infinite risk in between.
 *
 * One run has one draw of the data, so its risk is held against the law's distribution, of which the risk above is the mean.
 * For p ≤ n: w − b_T is s times a multivariate t with n − p + 1 degrees of freedom, hence ‖w − b_T‖²(n − p + 1)/(p s²) ~ F(p, n − p + 1).
 * For p ≥ n, with the projection Π onto the span of the inputs (uniform among n-dimensional subspaces, independent of their lengths):
 *   ‖(1 − Π)(w − b_T)‖² = ‖(1 − Π)b_T‖², its share of ‖b_T‖² is Beta((p − n)/2, n/2);
 *   ‖Π(w − b_T)‖² = s² εᵀ(XXᵀ)⁻¹ε, times (p − n + 1)/(n s²) it is F(n, p − n + 1).
 */
import type { Experiment } from '../experiment/schema';
import { betaTails, fTails, type Tails } from '../numerics/incomplete-beta';
import { gramOfRows } from '../numerics/dense';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { dot } from '../numerics/vectors';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';
import { closestReference, judgeClosest } from './zhang-2017-closest-interpolator';

const ID = 'belkin-2020-double-descent';

/** A run in a million of those that follow the law lies further out in one of the two tails. */
const TOLERANCE = 6;

export const belkin2020DoubleDescent: PublishedResult = {
  id: ID,
  row: 'G2',
  title: 'Double descent: the risk of the interpolator of least norm',
  statement:
    'Least squares on p of D independent normal features: the risk grows up to the interpolation threshold p = n, where it is infinite, ' +
    'and falls again beyond it for the interpolator of least norm, which gradient descent from 0 reaches.',
  formula: 'p ≤ n − 2: s²(1 + p/(n − p − 1));  p ≥ n + 2: ‖b_T‖²(1 − n/p) + s²(1 + n/(p − n − 1));  s² = ‖b_Tᶜ‖² + σ²',
  status: 'theorem',
  citation: {
    authors: 'Mikhail Belkin, Daniel Hsu, Ji Xu',
    year: 2020,
    title: 'Two Models of Double Descent for Weak Features',
    venue: 'SIAM Journal on Mathematics of Data Science 2(4)',
    locus: 'Theorem 1',
    url: 'https://arxiv.org/abs/1903.07571',
  },

  outline(experiment) {
    const { model, loss, features } = experiment;
    if (model.kind !== 'linear' || loss.kind !== 'square' || features?.kind !== 'coordinates') return null;
    return {
      regularizer: 'l2-distance',
      symbol: 'min ‖w‖₂ s.t. Xw = y, with its risk',
      conditions: fileConditions(experiment),
      modelNote: `${features.count} of the features`,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = belkin2020DoubleDescent.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function fileConditions({ data, model, init, optimizer }: Experiment): Condition[] {
  const isotropic = data.kind === 'sparse-regression' && data.shift === 0;
  const zero = init.kind === 'zero' || ('scale' in init && init.scale === 0);
  const settles = optimizer.kind === 'gradient-flow' || (optimizer.kind === 'gradient-descent' && optimizer.normalize === 'none');
  return [
    condition(
      'independent standard normal features, targets of a linear predictor',
      isotropic,
      data.kind !== 'sparse-regression' ? `${data.kind} data` : isotropic ? 'generated so' : `their mean is ${data.shift}`,
    ),
    condition('no bias', model.kind === 'linear' && !model.bias, model.kind === 'linear' && model.bias ? 'the model has one' : 'none'),
    condition('starts at 0', zero, zero ? 'w(0) = 0' : 'what the start has outside the span of the inputs is never unlearned'),
    condition('gradient flow or descent', settles, optimizer.kind),
  ];
}

/** What the law is about. */
interface Setting {
  readonly n: number;
  readonly p: number;
  readonly dimension: number;
  /** b_T. */
  readonly kept: Float64Array;
  /** ‖b_T‖². */
  readonly signal: number;
  /** s² = ‖b_Tᶜ‖² + σ²: what p features cannot tell from noise. */
  readonly noise: number;
}

function settingOf({ experiment, data }: Situation): Setting | null {
  const raw = data.before?.data;
  if (raw === undefined || raw.truth === null || experiment.data.kind !== 'sparse-regression') return null;
  const p = data.features;
  const kept = raw.truth.slice(0, p);
  const left = raw.truth.slice(p);
  return {
    n: data.samples,
    p,
    dimension: raw.features,
    kept,
    signal: dot(kept, kept),
    noise: dot(left, left) + experiment.data.noise ** 2,
  };
}

/** E‖w − b_T‖² + s², the expected squared error on a fresh sample. */
function expectedRisk({ n, p, signal, noise }: Pick<Setting, 'n' | 'p' | 'signal' | 'noise'>): number {
  if (p <= n - 2) return noise * (1 + p / (n - p - 1));
  if (p >= n + 2) return signal * (1 - n / p) + noise * (1 + n / (p - n - 1));
  // Without noise and with every feature the truth is found.
  return noise === 0 ? signal * Math.max(0, 1 - n / p) : Infinity;
}

function examine(situation: Situation, outline: Outline): Examination {
  const { data, loss } = situation;
  const setting = settingOf(situation);
  const applies = setting !== null && outline.conditions.every(({ holds }) => holds === true);
  const half = (risk: number, samples: number): number => 0.5 * risk * (loss.reduction === 'mean' ? 1 : samples);
  return {
    prediction: predictionOf(belkin2020DoubleDescent, outline, outline.conditions, applies),
    measures: ['loss', 'gradientNorm', 'testLoss', 'distance', 'l2Norm'],
    companions: [],
    ...(applies && {
      expected: {
        ...(setting.p < setting.n && { loss: half(setting.noise * (1 - setting.p / setting.n), data.samples) }),
        ...(data.test !== null && { testLoss: half(expectedRisk(setting), data.test.samples) }),
      },
      figures: (trained: Trained) => riskFigure(setting, trained),
    }),
    solve: () => Promise.resolve(applies ? closestReference(situation) : null),
    judge: (trained, reference) => judge(situation, setting as Setting, trained, reference),
  };
}

function judge(situation: Situation, setting: Setting, trained: Trained, reference: Reference | null): Verdict {
  // The law is that of the interpolator of least norm: this is where the run has to be, whatever its risk.
  const { experiment } = situation;
  const closest = judgeClosest(trained, reference, { ...situation, experiment: { ...experiment, expect: undefined } });
  if (closest.outcome !== 'agrees' || trained.predictor === null) return { ...closest, result: ID };
  const tolerance = experiment.expect?.tolerance ?? TOLERANCE;
  const base = { result: ID, measure: 'tail-exponent', tolerance };
  const tails = tailsOf(situation, setting, trained.predictor);
  const value = Math.max(...tails.map(({ lower, upper }) => -Math.log10(Math.min(1, 2 * Math.min(lower, upper)))));
  const chance = 10 ** -value;
  const risk = riskOf(setting, trained.predictor);
  const mean = expectedRisk(setting);
  const says =
    `w is the solution of least norm within ${inWords(closest.value ?? Number.NaN)}; its risk is ${inWords(risk)}, ` +
    `the law's mean ${inWords(mean)}, and ${chance >= 0.01 ? `${inWords(100 * chance)} %` : inWords(chance)} of all data sets lie further out.`;
  return { ...base, outcome: value <= tolerance ? 'agrees' : 'disagrees', value, says };
}

/** ‖w − b_T‖² + s², exact for the trained w. */
function riskOf({ kept, noise }: Setting, w: Float64Array): number {
  return w.reduce((sum, value, j) => sum + (value - kept[j]) ** 2, noise);
}

function tailsOf({ data }: Situation, { n, p, kept, signal, noise }: Setting, w: Float64Array): readonly Tails[] {
  const error = w.map((value, j) => value - kept[j]);
  const total = dot(error, error);
  if (p <= n) return noise > 0 ? [fTails((total * (n - p + 1)) / (p * noise), p, n - p + 1)] : [];
  const inside = squaredProjection(data.x, n, p, error);
  return [
    ...(noise > 0 ? [fTails((inside * (p - n + 1)) / (n * noise), n, p - n + 1)] : []),
    ...(signal > 0 ? [betaTails(Math.min(1, Math.max(0, total - inside) / signal), (p - n) / 2, n / 2)] : []),
  ];
}

/** ‖Πv‖² = (Xv)ᵀ(XXᵀ)⁻¹(Xv) for the span of the n rows of X. */
function squaredProjection(x: Float64Array, n: number, p: number, v: Float64Array): number {
  const gram = new Float64Array(n * n);
  gramOfRows(x, n, p, gram);
  const { values, vectors } = symmetricEigen(gram, n);
  let sum = 0;
  const image = Float64Array.from({ length: n }, (_, i) => dot(x.subarray(i * p, (i + 1) * p), v));
  for (let k = 0; k < n; k++) {
    sum += dot(vectors.subarray(k * n, (k + 1) * n), image) ** 2 / values[k];
  }
  return sum;
}

/** The law over all numbers of features of equal size, with this run upon it. */
function riskFigure(setting: Setting, { predictor }: Trained): readonly Figure[] {
  const { n, p, dimension, kept, signal, noise } = setting;
  if (predictor === null) return [];
  // The expected split of the predictor for another number of features: each coordinate carries as much as those kept do on average.
  const share = signal / kept.length;
  const law = (count: number): number => {
    const explained = share * count;
    return expectedRisk({ n, p: count, signal: explained, noise: Math.max(0, noise + signal - explained) });
  };
  const counts = Array.from({ length: dimension }, (_, k) => k + 1);
  const own = riskOf(setting, predictor);
  return [
    {
      kind: 'chart',
      id: 'double-descent',
      title: 'Risk over the number of features',
      says: `With p = ${p} features and n = ${n} samples the risk is ${inWords(own)}; the law's mean is ${inWords(expectedRisk(setting))}. It has no mean for p = n − 1, n, n + 1.`,
      x: { label: 'features p', scale: 'linear' },
      y: { label: 'E(y − w·x)²', scale: 'log' },
      series: [
        { name: 'law', style: 'line', x: counts, y: counts.map(law) },
        { name: 'this run', style: 'points', x: [p], y: [own] },
      ],
    },
  ];
}
