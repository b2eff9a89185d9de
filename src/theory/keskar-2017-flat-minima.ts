/**
 * N. Keskar, D. Mudigere, J. Nocedal, M. Smelyanskiy, P. Tang, On large-batch training for deep learning: generalization gap and sharp minima, ICLR 2017
 * (arXiv:1609.04836): small batches end in flatter minima than large ones; S. Jastrzębski et al. (arXiv:1711.04623): so do larger steps. Observations on
 * networks, no theorem. Whether such minima also generalise better is another question (dinh-2017-rescaling.ts).
 *
 * What is tested: from several starts the network is trained with the batches and the step of the file, with all samples in a batch, and with a quarter of the
 * step, for as many epochs each. The logarithms of the quotients of λ_max(∇²ℒ) at the ends are samples of one mean, with Student's distribution.
 *
 * Why it should be so is the exact threshold η*(B) in mean square (mulayoff-2024-mean-square.ts): where a large batch ends at a minimum with η*(B) < η, SGD with
 * batches of B cannot stay. Where all ends have η*(B) > η, nothing drives a small batch away from them, and nothing is foreseen.
 */
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import { fTails } from '../numerics/incomplete-beta';
import type { Condition, Verdict } from '../protocol/report';
import { fittedMinimum, meanSquareThreshold, singleShare } from '../solvers/linear-stability';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { gradientsAt } from './settled-minimum';
import { asksForSharpness } from './sharpness-record';
import { condition, countInWords, inWords } from './wording';

const ID = 'keskar-2017-flat-minima';

/** Starts from which all three are trained. */
const STARTS = 12;
/** The small step is so many times smaller. */
const SMALLER = 4;
/** Two-sided: chance alone says so once in a thousand files. */
const LEVEL = 1e-3;
/** Three times twelve runs are to take seconds. */
const MOST_STEPS = 20_000;
/** Samples up to which thresholds of 12 + 12 minima, each an eigenvalue problem in matrices of that size, take seconds. */
const MOST_SAMPLES = 64;

type Sgd = Extract<OptimizerSpec, { kind: 'sgd' }>;

export const keskar2017FlatMinima: PublishedResult = {
  id: ID,
  row: 'S11',
  title: 'Smaller batches and larger steps end in flatter minima',
  statement:
    'After as many epochs, networks that are trained with small batches or large steps are observed to end where the largest eigenvalue of the Hessian is smaller. ' +
    'It has to be so where the minima of large batches or small steps are beyond the step that small batches are stable with; elsewhere it need not.',
  formula: 'mean ln λ_max(θ_{η,B}) < mean ln λ_max(θ_{η,n}), mean ln λ_max(θ_{η/4,B})   where η > η*(B) at θ_{η,n}',
  status: 'empirical',
  citation: {
    authors: 'Nitish Shirish Keskar, Dheevatsa Mudigere, Jorge Nocedal, Mikhail Smelyanskiy, Ping Tak Peter Tang',
    year: 2017,
    title: 'On Large-Batch Training for Deep Learning: Generalization Gap and Sharp Minima',
    venue: 'International Conference on Learning Representations',
    url: 'https://arxiv.org/abs/1609.04836',
  },

  outline(experiment) {
    const { optimizer, model, loss } = experiment;
    if (optimizer.kind !== 'sgd' || model.kind !== 'network' || loss.kind !== 'square') return null;
    if (!asksForSharpness(experiment, ID)) return null;
    return {
      regularizer: 'sharpness',
      symbol: 'λ_max(∇²ℒ) falls as η/B grows',
      conditions: fileConditions(experiment),
      modelNote: null,
      optimizerNote: 'smaller batches and larger steps end in flatter minima',
    } satisfies Outline;
  },

  examine(situation) {
    const { optimizer } = situation.experiment;
    const outline = keskar2017FlatMinima.outline(situation.experiment);
    if (outline === null || optimizer.kind !== 'sgd' || situation.stepSize === null) return Promise.resolve(null);
    return Promise.resolve(examine(situation, outline, optimizer, situation.stepSize));
  },
};

function fileConditions({ stop, init, model }: Experiment): Condition[] {
  const drawn = init.kind !== 'explicit' && init.kind !== 'zero';
  return [
    condition(
      `a number of steps, at most ${countInWords(MOST_STEPS)}: all are trained for as many epochs`,
      stop.steps !== undefined && stop.steps <= MOST_STEPS,
      stop.steps === undefined ? 'none is given' : countInWords(stop.steps),
    ),
    condition(
      'a start that is drawn',
      drawn,
      drawn ? `${STARTS} starts, with the seeds that follow that of the file` : `init: ${init.kind}`,
    ),
    condition(
      'all layers are trained',
      model.kind === 'network' && model.trainable === 'all',
      model.kind === 'network' && model.trainable === 'all' ? 'all' : 'the first alone',
    ),
  ];
}

function examine(situation: Situation, outline: Outline, optimizer: Sgd, stepSize: number): Examination {
  const { data, experiment } = situation;
  const n = data.samples;
  const conditions = [
    ...outline.conditions,
    condition('batches of some of the samples', optimizer.batchSize < n, `${optimizer.batchSize} of ${n}`),
    condition('few enough samples for the exact threshold', n <= MOST_SAMPLES, `${n}, at most ${MOST_SAMPLES}`),
  ];
  const open = condition(DRIVEN, 'unknown', 'the runs decide');
  return {
    prediction: predictionOf(
      keskar2017FlatMinima,
      outline,
      [...conditions, open],
      conditions.every(({ holds }) => holds === true),
    ),
    withoutReference: true,
    fixedTime: true,
    measures: ['loss', 'sharpness', 'stabilityThreshold', 'gaussNewtonTrace'],
    companions: companionsOf(experiment, optimizer, stepSize, n),
    solve: () => Promise.resolve(null),
    judge: (trained, _, companions) => judge([trained, ...companions], situation, optimizer, stepSize),
  };
}

const DRIVEN = 'all samples at once end where small batches cannot stay';

/** First the other starts with the batches of the file, then all starts with all samples in a batch, then with a smaller step. */
function companionsOf(experiment: Experiment, optimizer: Sgd, stepSize: number, n: number): readonly Experiment[] {
  const steps = experiment.stop.steps;
  if (steps === undefined || steps > MOST_STEPS) return [];
  const epochs = steps / Math.ceil(n / optimizer.batchSize);
  const runs = (change: Partial<Sgd>, length: number, first: number): Experiment[] =>
    Array.from({ length: STARTS - first }, (_, k) => ({
      ...experiment,
      seed: experiment.seed + first + k,
      init: { ...experiment.init },
      optimizer: { ...optimizer, stepSize, ...change },
      stop: { ...experiment.stop, steps: length },
    }));
  return [
    ...runs({}, steps, 1),
    ...runs({ batchSize: n }, Math.max(1, Math.round(epochs)), 0),
    ...runs({ stepSize: stepSize / SMALLER }, steps, 0),
  ];
}

interface Comparison {
  /** Mean of the logarithms of the quotients of sharpness, and its standard error. */
  readonly mean: number;
  readonly error: number;
  /** P of a mean as far from 0, on either side, by chance. */
  readonly chance: number;
}

/** Student's test of paired logarithms: t² has the F distribution with 1 and k − 1 degrees of freedom. */
export function compare(of: readonly number[], against: readonly number[]): Comparison {
  const differences = of.map((value, k) => Math.log(value / against[k]));
  const count = differences.length;
  const mean = differences.reduce((sum, value) => sum + value, 0) / count;
  const square = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const error = Math.sqrt(square / count);
  return { mean, error, chance: error > 0 ? fTails((mean / error) ** 2, 1, count - 1).upper : mean === 0 ? 1 : 0 };
}

function judge(runs: readonly Trained[], situation: Situation, { batchSize, sampling }: Sgd, stepSize: number): Verdict {
  const base = { result: ID, measure: 'mean ln of the sharpness over that of all samples at once', value: null, tolerance: null };
  if (runs.length < 3 * STARTS || runs.some(({ outcome }) => outcome === 'diverged'))
    return { ...base, outcome: 'inconclusive', says: 'Not all runs have ended at a finite loss.' };
  const { model, data, loss, curvature } = situation;
  const [small, large, slow] = [0, 1, 2].map((k) => runs.slice(k * STARTS, (k + 1) * STARTS));
  const sharpness = (group: readonly Trained[]): number[] => group.map(({ parameters }) => curvature.at(parameters).sharpness());
  const [ofSmall, ofLarge, ofSlow] = [sharpness(small), sharpness(large), sharpness(slow)];
  if ([...ofSmall, ...ofLarge, ...ofSlow].some((value) => !(value > 0)))
    return { ...base, outcome: 'inconclusive', says: 'Some run ended where the loss has no positive curvature.' };
  const p = singleShare({ size: batchSize, replacement: sampling === 'with-replacement' }, data.samples);
  const stable = ({ parameters }: Trained): boolean => {
    const minimum = fittedMinimum(gradientsAt(situation, parameters), data.samples, model.parameterCount, loss.reduction);
    return minimum.directions === 0 || stepSize <= meanSquareThreshold(minimum, p);
  };
  const left = large.filter((run) => !stable(run)).length;
  const stayed = small.filter(stable).length;
  const batches = compare(ofSmall, ofLarge);
  const steps = compare(ofSmall, ofSlow);
  const average = (values: readonly number[]): string =>
    inWords(Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length));
  const said = ({ mean, error, chance }: Comparison): string =>
    `ln ${inWords(mean)} ± ${inWords(error, 2)}, by chance ${inWords(chance, 2)}`;
  const says =
    `From ${STARTS} starts λ_max ends at ${average(ofSmall)} with batches of ${batchSize}, at ${average(ofLarge)} with all samples at once (${said(batches)}), ` +
    `at ${average(ofSlow)} with a step of η/${SMALLER} (${said(steps)}). ${left} of the ${STARTS} minima of all samples at once are beyond the step η*(${batchSize}) that batches of ` +
    `${batchSize} are stable with, and ${STARTS - stayed} of their own`;
  const kept = { ...base, value: batches.mean, tolerance: 0 };
  // The mean over the starts is foreseen to fall where most of them are driven.
  if (2 * left <= STARTS) {
    return { ...kept, outcome: 'inconclusive', says: `${says}: ${left === 0 ? 'nothing drives' : 'few drive'} small batches away.` };
  }
  const clear = ({ chance }: Comparison): boolean => chance <= LEVEL;
  const sharper = [batches, steps].some((one) => clear(one) && one.mean > 0);
  if (sharper) return { ...kept, outcome: 'disagrees', says: `${says}: one of them is sharper.` };
  return [batches, steps].every(clear)
    ? { ...kept, outcome: 'agrees', says: `${says}.` }
    : { ...kept, outcome: 'inconclusive', says: `${says}: chance cannot be ruled out.` };
}
