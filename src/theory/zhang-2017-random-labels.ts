/**
 * C. Zhang, S. Bengio, M. Hardt, B. Recht, O. Vinyals, Understanding deep learning requires rethinking generalization, ICLR 2017,
 * Section 2: one network, trained in one way, fits true labels and labels by chance alike. What it fits tells nothing of what it
 * has learned: on fresh samples it is far better than chance with true labels, and exactly at chance with random ones.
 *
 * The second half is no experience but certain: random labels of fresh samples are independent of everything that was trained, so
 * the number of errors is that of heads in as many tosses of a fair coin.
 */
import type { Experiment } from '../experiment/schema';
import { fairCoinTails } from '../numerics/incomplete-beta';
import type { Condition, Verdict } from '../protocol/report';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, countInWords, inWords } from './wording';

const ID = 'zhang-2017-random-labels';

/** One fair coin in a million goes further. */
const TOLERANCE = 6;
/** An error rate that is far below chance, for judging whether there are enough test samples to see one. */
const FAR = 0.25;
/** With true labels: a coin that does as well no more often than this does not speak against the result. */
const DOUBT = 0.01;

export const zhang2017RandomLabels: PublishedResult = {
  id: ID,
  row: 'G3',
  title: 'The same network fits true labels and random ones',
  statement:
    'A network with enough parameters reaches zero training error on labels by chance as well as on true ones. On fresh samples it is ' +
    'far better than chance with true labels; with random labels its errors are those of a fair coin, whatever it has fitted.',
  formula: 'training error = 0 for both;  random labels: errors on m test samples ~ Binomial(m, ½)',
  status: 'empirical',
  citation: {
    authors: 'Chiyuan Zhang, Samy Bengio, Moritz Hardt, Benjamin Recht, Oriol Vinyals',
    year: 2017,
    title: 'Understanding deep learning requires rethinking generalization',
    venue: 'International Conference on Learning Representations',
    locus: 'Section 2',
    url: 'https://openreview.net/forum?id=Sy8gdB9xx',
  },

  outline(experiment) {
    const { data, model } = experiment;
    if (data.kind !== 'sphere' || data.testSamples === 0 || model.kind !== 'network') return null;
    return {
      regularizer: 'none',
      symbol: data.labels === 'random' ? 'zero training error, test error of a coin' : 'zero training error, test error below chance',
      conditions: [],
      modelNote: null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = zhang2017RandomLabels.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function examine(situation: Situation, outline: Outline): Examination {
  const { model, data, experiment } = situation;
  const conditions: Condition[] = [
    condition(
      'at least as many parameters as samples',
      model.parameterCount >= data.samples,
      `${countInWords(model.parameterCount)} parameters, ${data.samples} samples`,
    ),
  ];
  const applies = conditions.every(({ holds }) => holds === true);
  return {
    prediction: predictionOf(zhang2017RandomLabels, outline, conditions),
    withoutReference: true,
    measures: ['loss', 'gradientNorm', 'testLoss', 'errorRate', 'testErrorRate'],
    companions: [],
    ...(applies && { expected: { errorRate: 0, ...(isRandom(experiment) && { testErrorRate: 0.5 }) } }),
    solve: () => Promise.resolve(null),
    judge: (trained) => judge(situation, trained),
  };
}

const isRandom = ({ data }: Experiment): boolean => data.kind === 'sphere' && data.labels === 'random';

/** Samples on the wrong side, or on the boundary. */
function errorsOn({ model }: Situation, trained: Trained, x: Float64Array, y: Float64Array): number {
  const outputs = new Float64Array(y.length);
  model.outputsOn(trained.parameters, x, y.length, outputs);
  return outputs.reduce((count, output, i) => count + (y[i] * output > 0 ? 0 : 1), 0);
}

function judge(situation: Situation, trained: Trained): Verdict {
  const { data, experiment } = situation;
  const test = data.test ?? { x: new Float64Array(0), y: new Float64Array(0), samples: 0 };
  const wrong = errorsOn(situation, trained, data.x, data.y);
  const random = isRandom(experiment);
  if (wrong > 0) {
    return {
      outcome: 'inconclusive',
      result: ID,
      measure: 'training-error',
      value: wrong / data.samples,
      tolerance: 0,
      says: `${wrong} of ${data.samples} training samples are not fitted: what the network would do to fresh samples is not to be seen yet.`,
    };
  }
  const errors = errorsOn(situation, trained, test.x, test.y);
  const rate = errors / test.samples;
  const tolerance = experiment.expect?.tolerance ?? TOLERANCE;
  const tails = fairCoinTails(errors, test.samples);
  const fitted = `All ${data.samples} training samples are fitted; ${errors} of ${test.samples} test samples are wrong, ${inWords(100 * rate)} %`;
  if (random) {
    const chance = Math.min(1, 2 * Math.min(tails.lower, tails.upper));
    const value = -Math.log10(chance);
    const agrees = value <= tolerance;
    return {
      outcome: agrees ? 'agrees' : 'disagrees',
      result: ID,
      measure: 'tail-exponent',
      value,
      tolerance,
      says: `${fitted}: ${agrees ? 'a coin does the same' : 'no coin does so'} (${inWords(100 * chance)} % of all coins end further from half).`,
    };
  }
  const bound = belowChance(test.samples, tolerance);
  const agrees = rate <= bound;
  // Better than chance, though not beyond doubt, is no evidence against it; and with few test samples an error rate of a quarter is none for it.
  const open = bound < FAR || tails.lower <= DOUBT;
  if (!agrees && open) {
    return {
      outcome: 'inconclusive',
      result: ID,
      measure: 'test-error',
      value: rate,
      tolerance: null,
      says:
        bound < FAR
          ? `${fitted}: too few test samples to tell even ${inWords(100 * FAR)} % from chance.`
          : `${fitted}: below chance, but a coin does the same in ${inWords(100 * tails.lower)} % of all times.`,
    };
  }
  return {
    outcome: agrees ? 'agrees' : 'disagrees',
    result: ID,
    measure: 'test-error',
    value: rate,
    tolerance: bound,
    limit: 'chance',
    says: `${fitted}: ${agrees ? 'far below' : 'not clearly below'} chance (a coin gets to ${inWords(100 * bound)} % once in 10^${inWords(tolerance)} times).`,
  };
}

/** The largest error rate that a fair coin stays at or below with probability at most 10^−exponent; negative where there is none. */
function belowChance(samples: number, exponent: number): number {
  let errors = -1;
  while (errors < samples && fairCoinTails(errors + 1, samples).lower <= 10 ** -exponent) errors += 1;
  return errors / samples;
}
