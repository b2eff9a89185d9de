/**
 * P. Bartlett, D. Foster, M. Telgarsky, Spectrally-normalized margin bounds for neural networks, NeurIPS 2017, Theorem 1.1, with reference matrices 0:
 *     P(y f(x) ≤ 0) ≤ #{yᵢf(xᵢ) ≤ γ}/n + Õ( ‖X‖_F R_A ln W/(γ n) + √(ln(1/δ)/n) ),
 *     R_A = Π‖A_l‖_σ · (Σ_l (‖A_lᵀ‖₂,₁/‖A_l‖_σ)^(2/3))^(3/2),  W the largest width.
 * Õ leaves out constants and logarithms of n. What is computed here is what stands in it, with the constant 1: the order of the bound, not the bound.
 */
import { norm2 } from '../numerics/vectors';
import type { Figure, Verdict } from '../protocol/report';
import { examineBound } from './bound-examination';
import { CONFIDENCE } from './margin-bound';
import { layerNorms, networkConditions, networkOf } from './network-bounds';
import type { Outline, PublishedResult, Situation, Trained } from './result';
import { errorRate, hasTestSamples } from './test-samples';
import { inWords } from './wording';

const ID = 'bartlett-2017-spectral';

export const bartlett2017Spectral: PublishedResult = {
  id: ID,
  row: 'C16',
  title: 'Generalization of a network: the order of the spectrally normalised bound',
  statement:
    'The test error of a network is bounded by its margins divided by the product of the spectral norms of its layers, corrected by how far the layers are from ' +
    'rank one. The theorem leaves out constants and logarithms; with the constant 1, what remains shows how a network compares with another, not how good the bound is.',
  formula: 'P(y f(x) ≤ 0) ≤ #{yᵢ f(xᵢ) ≤ γ}/n + Õ(‖X‖_F R_A ln W/(γn) + √(ln(1/δ)/n)),  R_A = Π‖A_l‖_σ (Σ(‖A_lᵀ‖₂,₁/‖A_l‖_σ)^⅔)^(3/2)',
  status: 'theorem',
  citation: {
    authors: 'Peter L. Bartlett, Dylan J. Foster, Matus Telgarsky',
    year: 2017,
    title: 'Spectrally-normalized margin bounds for neural networks',
    venue: 'Advances in Neural Information Processing Systems 30',
    locus: 'Theorem 1.1',
    url: 'https://arxiv.org/abs/1706.08498',
  },

  outline(experiment) {
    if (networkOf(experiment) === null || !hasTestSamples(experiment.data)) return null;
    return {
      regularizer: 'none',
      symbol: 'test error ≤ Õ(spectral complexity/margin)',
      conditions: networkConditions(experiment),
      modelNote: null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const examination = examineBound(bartlett2017Spectral, situation, {
      measures: ['loss', 'logLoss', 'testLoss', 'parameterMargin', 'parameterNorm'],
      judge,
      figures,
    });
    return Promise.resolve(examination);
  },
};

interface Terms {
  /** Spectral complexity R_A. */
  readonly complexity: number;
  /** ‖X‖_F. */
  readonly size: number;
  /** W. */
  readonly width: number;
  /** yᵢ f(xᵢ). */
  readonly margins: Float64Array;
}

function termsOf(trained: Trained, situation: Situation): Terms {
  const { data, model } = situation;
  const margins = new Float64Array(data.samples);
  model.outputs(trained.parameters, margins);
  for (let i = 0; i < margins.length; i++) margins[i] *= data.y[i];
  const layers = layerNorms(situation, trained.parameters);
  const product = layers.reduce((sum, { spectral }) => sum * spectral, 1);
  const correction = layers.reduce((sum, { rows, spectral }) => sum + Math.pow(rows / spectral, 2 / 3), 0);
  return {
    complexity: product * Math.pow(correction, 1.5),
    size: norm2(data.x),
    width: model.blocks.reduce((most, { rows, columns }) => Math.max(most, rows, columns), 0),
    margins,
  };
}

/** What stands in the Õ, and the share of smaller margins, at γ. */
function orderAt({ complexity, size, width, margins }: Terms, gamma: number): number {
  const n = margins.length;
  const violations = margins.filter((margin) => margin <= gamma).length / n;
  return violations + (size * complexity * Math.log(width)) / (gamma * n) + Math.sqrt(Math.log(1 / CONFIDENCE) / n);
}

function leastOrder(terms: Terms): number {
  return terms.margins.reduce((least, margin) => (margin > 0 ? Math.min(least, orderAt(terms, margin * (1 - 1e-12))) : least), Infinity);
}

function judge(trained: Trained, situation: Situation): Verdict {
  const order = leastOrder(termsOf(trained, situation));
  const value = errorRate(situation, trained.parameters);
  const base = { result: ID, measure: 'test error', value, tolerance: order, limit: 'bound' } as const;
  const what = `Test error ${inWords(value)}; with the constant 1 and without logarithms of n the bound is ${inWords(order)}`;
  // Constants above 1 only make it larger; below 1 they are what would decide.
  return order >= 1
    ? {
        ...base,
        outcome: 'agrees',
        says: `${what}. Vacuous already: the theorem's own constants make it larger, and no error can exceed 1.`,
      }
    : { ...base, outcome: 'inconclusive', says: `${what}. The theorem does not give the constants that decide whether it holds below 1.` };
}

function figures(trained: Trained, situation: Situation): readonly Figure[] {
  const layers = layerNorms(situation, trained.parameters);
  const names = layers.map((_, l) => l + 1);
  const of = (measure: (norms: (typeof layers)[number]) => number): number[] => layers.map(measure);
  return [
    {
      kind: 'chart',
      id: 'layer-norms',
      title: 'Norms of the layers',
      says: layers
        .map(
          ({ spectral, frobenius, rows }, l) =>
            `W${l + 1}: ‖·‖_σ = ${inWords(spectral)}, ‖·‖_F = ${inWords(frobenius)}, ‖·ᵀ‖₂,₁ = ${inWords(rows)}`,
        )
        .join('; '),
      x: { label: 'layer', scale: 'linear' },
      y: { label: 'norm', scale: 'linear' },
      series: [
        { name: 'spectral', style: 'bars', x: names, y: of(({ spectral }) => spectral) },
        { name: 'Frobenius', style: 'bars', x: names, y: of(({ frobenius }) => frobenius) },
        { name: '(2,1) of the rows', style: 'bars', x: names, y: of(({ rows }) => rows) },
      ],
    },
  ];
}
