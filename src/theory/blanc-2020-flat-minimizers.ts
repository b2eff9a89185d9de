/**
 * G. Blanc, N. Gupta, G. Valiant, P. Valiant, Implicit regularization for deep neural networks driven by an Ornstein–Uhlenbeck like process,
 * COLT 2020: near a point of zero loss, SGD with label noise moves along the points of zero loss so as to decrease
 * (1/n) Σ ‖∇_θ f(xᵢ)‖² = tr ∇²ℒ, unless the point is a stationary point of it among them. A local statement: no rate, no limit.
 *
 * The run is held against the same run without the noise, which fits the data and stays where it is.
 */
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { smoothCondition } from './barrett-dherin-2021-modified-loss';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, countInWords, inWords } from './wording';

const ID = 'blanc-2020-flat-minimizers';

/** The run without noise has to come near zero loss: this part of the loss at the start. */
const FITTED = 1e-4;
/** Standard deviations of the trace along the last quarter of the run that the decrease has to exceed. */
const DEVIATIONS = 4;

type Sgd = Extract<OptimizerSpec, { kind: 'sgd' }>;

export const blanc2020FlatMinimizers: PublishedResult = {
  id: ID,
  row: 'A1',
  title: 'Label noise lowers the trace of the Hessian along the zero-loss set',
  statement:
    'Near a point of zero loss, SGD with fresh noise on the labels moves along the points of zero loss so that the mean squared gradient of the outputs, ' +
    'there the trace of the Hessian, decreases, unless it is stationary. The statement is local: it says neither how fast nor where it ends.',
  formula: 'ℒ(θ) ≈ 0:  (1/n) Σ ‖∇_θ f(xᵢ)‖² = tr ∇²ℒ decreases',
  status: 'theorem',
  citation: {
    authors: 'Guy Blanc, Neha Gupta, Gregory Valiant, Paul Valiant',
    year: 2020,
    title: 'Implicit Regularization for Deep Neural Networks Driven by an Ornstein–Uhlenbeck Like Process',
    venue: 'Conference on Learning Theory, PMLR 125',
    url: 'https://proceedings.mlr.press/v125/blanc20a.html',
  },
  covers: ['label-noise'],

  outline(experiment) {
    const { model, loss, optimizer } = experiment;
    if (model.kind !== 'network' || loss.kind !== 'square' || optimizer.kind !== 'sgd') return null;
    if (optimizer.labelNoise === 0 && optimizer.gradientNoise === 0) return null;
    return {
      regularizer: 'flatness',
      symbol: 'tr ∇²ℒ decreases where ℒ = 0',
      conditions: fileConditions(experiment, optimizer),
      modelNote: null,
      optimizerNote: optimizer.labelNoise > 0 ? 'label noise drifts to flat minimizers' : null,
    } satisfies Outline;
  },

  examine(situation) {
    const { optimizer } = situation.experiment;
    const outline = blanc2020FlatMinimizers.outline(situation.experiment);
    if (outline === null || optimizer.kind !== 'sgd') return Promise.resolve(null);
    return Promise.resolve(examine(situation, outline, optimizer));
  },
};

function fileConditions(experiment: Experiment, { labelNoise }: Sgd): Condition[] {
  const { steps } = experiment.stop;
  return [
    condition('fresh noise on the labels', labelNoise > 0, labelNoise > 0 ? `±${inWords(labelNoise)}` : 'there is none'),
    smoothCondition(experiment),
    condition(
      'a number of steps',
      steps !== undefined,
      steps === undefined ? 'none is given: noise never comes to rest' : countInWords(steps),
    ),
  ];
}

function examine(situation: Situation, outline: Outline, optimizer: Sgd): Examination {
  const { experiment } = situation;
  const prediction = predictionOf(blanc2020FlatMinimizers, outline, [
    ...outline.conditions,
    condition('the Jacobian fits into memory', situation.curvature.hasGaussNewton, 'for the trace'),
  ]);
  const quiet: Experiment = { ...experiment, optimizer: { ...optimizer, labelNoise: 0 } };
  return {
    prediction,
    withoutReference: true,
    fixedTime: true,
    measures: ['loss', 'gradientNorm', 'gaussNewtonTrace', 'parameterNorm'],
    companions: prediction.applies ? [quiet] : [],
    solve: () => Promise.resolve(null),
    judge: (trained, _reference, companions) => judge(situation, trained, companions.at(0)),
    figures: (trained) => traceFigure(trained),
  };
}

/** Mean and standard deviation over the last quarter of the steps. */
function lateTrace({ trajectory }: Trained): { readonly mean: number; readonly deviation: number } | null {
  const steps = trajectory['step'] ?? [];
  const traces = trajectory['gaussNewtonTrace'] ?? [];
  const late = traces.filter((_, k) => steps[k] >= 0.75 * steps[steps.length - 1]);
  if (late.length < 5) return null;
  const mean = late.reduce((sum, value) => sum + value, 0) / late.length;
  return { mean, deviation: Math.sqrt(late.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (late.length - 1)) };
}

function judge({ curvature, objective, start }: Situation, trained: Trained, quiet: Trained | undefined): Verdict {
  const base = { result: ID, measure: 'trace of the Hessian over that without noise', tolerance: 1, limit: 'bound' } as const;
  const late = lateTrace(trained);
  if (quiet === undefined || late === null) {
    return {
      ...base,
      outcome: 'inconclusive',
      value: null,
      says: 'The run is too short, or its trace was not recorded: give linear spacing and more points.',
    };
  }
  if (!(quiet.loss <= FITTED * objective.value(start))) {
    const says = `Without the noise the same steps do not fit the data (loss ${inWords(quiet.loss)}): there is no point of zero loss to move from.`;
    return { ...base, outcome: 'inconclusive', value: null, says };
  }
  const trace = curvature.at(quiet.parameters).gaussNewtonTrace();
  const value = late.mean / trace;
  const says =
    `Without noise the run ends at zero loss with tr ∇²ℒ = ${inWords(trace, 4)}; with it the trace is ${inWords(late.mean, 4)} ± ${inWords(late.deviation, 2)} ` +
    'over the last quarter of the run';
  if (Math.abs(late.mean - trace) <= DEVIATIONS * late.deviation) {
    return { ...base, outcome: 'inconclusive', value, says: `${says}: within ${DEVIATIONS} deviations, which does not tell.` };
  }
  return value < 1
    ? { ...base, outcome: 'agrees', value, says: `${says}: it has decreased.` }
    : { ...base, outcome: 'disagrees', value, says: `${says}: it has grown.` };
}

function traceFigure({ trajectory }: Trained): readonly Figure[] {
  const steps = trajectory['step'] ?? [];
  const traces = trajectory['gaussNewtonTrace'] ?? [];
  if (traces.length < 2) return [];
  return [
    {
      kind: 'chart',
      id: 'label-noise-trace',
      title: 'Mean squared gradient of the outputs',
      says: `It goes from ${inWords(traces[0])} over a largest value of ${inWords(Math.max(...traces))} to ${inWords(traces[traces.length - 1])}.`,
      x: { label: 'step', scale: 'linear' },
      y: { label: '(1/n) Σ ‖∇f(xᵢ)‖²', scale: 'linear' },
      series: [{ name: 'trained', style: 'line', x: steps, y: traces }],
    },
  ];
}
