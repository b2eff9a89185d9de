/**
 * The margin bound of linear classifiers: V. Koltchinskii, D. Panchenko, Annals of Statistics 30, 2002; constants and statement as in
 * M. Mohri, A. Rostamizadeh, A. Talwalkar, Foundations of Machine Learning, 2nd ed. 2018, Theorems 5.9 and 5.10 (`margin-bound.ts`).
 */
import { norm2 } from '../numerics/vectors';
import { isLinearClassifier, largestRow } from './linear-classification';
import { examineBound } from './bound-examination';
import { boundFigure, CONFIDENCE, judgeBound, type BoundInput } from './margin-bound';
import type { Outline, PublishedResult, Situation, Trained } from './result';
import { errorRate, hasTestSamples } from './test-samples';

const ID = 'koltchinskii-panchenko-2002-margin';

export const koltchinskiiPanchenko2002Margin: PublishedResult = {
  id: ID,
  row: 'C16',
  title: 'Generalization of a linear classifier: the margin bound',
  statement:
    'With high probability over the sample, the test error of a linear classifier is at most the share of training samples with a margin below ρ, plus a ' +
    'term that falls with the margin and with the number of samples, but does not depend on the dimension. It says why a large margin helps, and is often far from tight.',
  formula: 'P(y w·x ≤ 0) ≤ #{yᵢ w·xᵢ ≤ ρ‖w‖}/n + (4/ρ)√(Σ‖xᵢ‖²)/n + √(ln log₂(2r/ρ)/n) + 3√(ln(4/δ)/(2n)),  r = max ‖xᵢ‖',
  status: 'theorem',
  citation: {
    authors: 'Vladimir Koltchinskii, Dmitry Panchenko',
    year: 2002,
    title: 'Empirical margin distributions and bounding the generalization error of combined classifiers',
    venue: 'Annals of Statistics 30(1)',
    locus: 'as Theorems 5.9 and 5.10 of Mohri, Rostamizadeh and Talwalkar 2018',
    url: 'https://doi.org/10.1214/aos/1015362183',
  },

  outline(experiment) {
    if (!isLinearClassifier(experiment) || !hasTestSamples(experiment.data)) return null;
    return {
      regularizer: 'none',
      symbol: `test error ≤ margin bound, with probability ${1 - CONFIDENCE}`,
      conditions: [],
      modelNote: null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const examination = examineBound(koltchinskiiPanchenko2002Margin, situation, {
      measures: ['loss', 'logLoss', 'testLoss', 'margin', 'l2Norm'],
      judge: (trained, own) => judgeBound(ID, inputOf(trained, own)),
      figures: (trained, own) => boundFigure(inputOf(trained, own)),
    });
    return Promise.resolve(examination);
  },
};

function inputOf(trained: Trained, situation: Situation): BoundInput {
  const { facts, data, model } = situation;
  const outputs = new Float64Array(data.samples);
  model.outputs(trained.parameters, outputs);
  const size = norm2(trained.parameters);
  let squares = 0;
  for (let i = 0; i < data.samples; i++) squares += norm2(facts.inputs.subarray(i * facts.width, (i + 1) * facts.width)) ** 2;
  return {
    margins: outputs.map((value, i) => (data.y[i] * value) / size),
    complexity: Math.sqrt(squares) / data.samples,
    radius: largestRow(facts, norm2),
    testError: errorRate(situation, trained.parameters),
    testSamples: data.test?.samples ?? 0,
  };
}
