/**
 * N. Golowich, A. Rakhlin, O. Shamir, Size-independent sample complexity of neural networks, COLT 2018, Theorem 1: the Rademacher complexity of networks
 * of depth d with ‖W_l‖_F ≤ M_l and a positively homogeneous 1-Lipschitz activation is at most ΠM_l (√(2 ln 2 · d) + 1) √(Σ‖xᵢ‖²)/n.
 * Put into the margin bound (`margin-bound.ts`) for f/Π‖W_l‖_F.
 */
import { norm2 } from '../numerics/vectors';
import { examineBound } from './bound-examination';
import { boundFigure, CONFIDENCE, judgeBound, type BoundInput } from './margin-bound';
import { layerNorms, networkConditions, networkOf } from './network-bounds';
import type { Outline, PublishedResult, Situation, Trained } from './result';
import { errorRate, hasTestSamples } from './test-samples';

const ID = 'golowich-2018-frobenius';

export const golowich2018Frobenius: PublishedResult = {
  id: ID,
  row: 'C16',
  title: 'Generalization of a network: the bound by Frobenius norms',
  statement:
    'The test error of a deep network with a positively homogeneous activation is bounded by its margins divided by the product of the Frobenius norms ' +
    'of its layers, with a dependence on the depth of only √d and none on the width. With the constants of the theorem it is vacuous on most networks.',
  formula: 'P(y f(x) ≤ 0) ≤ #{yᵢ f(xᵢ) ≤ ρ Π‖W_l‖_F}/n + (4/ρ)(√(2 ln 2 · d) + 1)√(Σ‖xᵢ‖²)/n + √(ln log₂(2r/ρ)/n) + 3√(ln(4/δ)/(2n))',
  status: 'theorem',
  citation: {
    authors: 'Noah Golowich, Alexander Rakhlin, Ohad Shamir',
    year: 2018,
    title: 'Size-Independent Sample Complexity of Neural Networks',
    venue: 'Conference on Learning Theory, PMLR 75',
    locus: 'Theorem 1',
    url: 'https://proceedings.mlr.press/v75/golowich18a.html',
  },

  outline(experiment) {
    if (networkOf(experiment) === null || !hasTestSamples(experiment.data)) return null;
    return {
      regularizer: 'none',
      symbol: `test error ≤ Frobenius margin bound, with probability ${1 - CONFIDENCE}`,
      conditions: networkConditions(experiment),
      modelNote: null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const examination = examineBound(golowich2018Frobenius, situation, {
      measures: ['loss', 'logLoss', 'testLoss', 'parameterMargin', 'parameterNorm'],
      judge: (trained, own) => judgeBound(ID, inputOf(trained, own)),
      figures: (trained, own) => boundFigure(inputOf(trained, own)),
    });
    return Promise.resolve(examination);
  },
};

function inputOf(trained: Trained, situation: Situation): BoundInput {
  const { data, model } = situation;
  const outputs = new Float64Array(data.samples);
  model.outputs(trained.parameters, outputs);
  const layers = layerNorms(situation, trained.parameters);
  const product = layers.reduce((size, { frobenius }) => size * frobenius, 1);
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < data.samples; i++) {
    const length = norm2(data.x.subarray(i * data.features, (i + 1) * data.features));
    squares += length * length;
    largest = Math.max(largest, length);
  }
  return {
    margins: outputs.map((value, i) => (data.y[i] * value) / product),
    complexity: ((Math.sqrt(2 * Math.LN2 * layers.length) + 1) * Math.sqrt(squares)) / data.samples,
    radius: largest,
    testError: errorRate(situation, trained.parameters),
    testSamples: data.test?.samples ?? 0,
  };
}
