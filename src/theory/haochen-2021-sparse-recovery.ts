/**
 * J. Z. HaoChen, C. Wei, J. D. Lee, T. Ma, Shape matters: understanding the implicit bias of the noise covariance, COLT 2021: on
 * f(x) = (v∘v)·x with Gaussian inputs and a sparse non-negative truth, SGD with noise ±δ on the label of one sample a step, and steps that
 * become smaller at the end, recovers the truth from an arbitrary start. Descent without noise, and spherical Gaussian noise, do not.
 *
 * Two layers that start equal stay equal, w₁ = w₂ = v, under noise of the labels too: the untied diagonal network of depth 2 with the loss
 * ½(f − y)² is the paper's model with its ¼(f − y)². A coordinate off the support meets 𝔼 ln v⁺ = ln v − ½η²δ²x²: it decays when the
 * steps last, τ = ½δ² Σ η_t² against 1.
 */
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import { relativeDistance } from '../measures/agreement';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import { minimumL1 } from '../solvers/minimum-l1';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE, stepsInWords } from './wording';

const ID = 'haochen-2021-sparse-recovery';

/** The theorem's ε is free, its time grows with ln 1/ε. A tenth tells the sparse truth from the dense solutions, which lie half a norm and more away. */
const TOLERANCE = 0.1;
/** e^(−τ) of what lies off the support is left in the mean of logarithms: with τ = 3 a factor of 20 in v, 400 in v². */
const ENOUGH_NOISE = 3;
/** At the end the noise of the labels, of relative size about √(ηd) δ in w, has to be small: the last step over the first. */
const LAST_STEP = 0.1;
/** Rounding of the linear program's solution against the truth of the generator. */
const SAME = 1e-8;

type Sgd = Extract<OptimizerSpec, { kind: 'sgd' }>;

export const haochen2021SparseRecovery: PublishedResult = {
  id: ID,
  row: 'A1',
  title: 'Label noise recovers the sparse truth from any start',
  statement:
    'On x ↦ (v∘v)·x with Gaussian inputs and a sparse non-negative truth, SGD whose labels are moved by ±δ in every step recovers the truth from ' +
    'an arbitrary start once the steps become small; descent without that noise, or with the same noise in all directions, ends at a dense solution.',
  formula: 'v⁺ = v − η((v∘v)·xᵢ − yᵢ ∓ δ) v∘xᵢ  →  v∘v = w*, the sparse truth',
  status: 'theorem',
  citation: {
    authors: 'Jeff Z. HaoChen, Colin Wei, Jason D. Lee, Tengyu Ma',
    year: 2021,
    title: 'Shape Matters: Understanding the Implicit Bias of the Noise Covariance',
    venue: 'Conference on Learning Theory, PMLR 134',
    url: 'https://proceedings.mlr.press/v134/haochen21a.html',
  },
  covers: ['label-noise', 'step-schedule'],

  outline(experiment) {
    const { model, loss, optimizer, data } = experiment;
    if (model.kind !== 'diagonal' || model.tied || model.depth !== 2 || loss.kind !== 'square') return null;
    if (optimizer.kind !== 'sgd' || data.kind !== 'sparse-regression') return null;
    return {
      regularizer: 'sparse-truth',
      symbol: 'the sparse truth',
      conditions: fileConditions(experiment, optimizer),
      modelNote: 'equal layers: x ↦ (v∘v)·x',
      optimizerNote: optimizer.labelNoise > 0 ? 'label noise prefers few coordinates' : null,
    } satisfies Outline;
  },

  examine(situation) {
    const { optimizer } = situation.experiment;
    const outline = haochen2021SparseRecovery.outline(situation.experiment);
    if (outline === null || optimizer.kind !== 'sgd') return Promise.resolve(null);
    return examine(situation, outline, optimizer);
  },
};

function fileConditions({ data, loss }: Experiment, { labelNoise, batchSize }: Sgd): Condition[] {
  const plain = data.kind === 'sparse-regression' && data.noise === 0 && data.shift === 0;
  const positive = data.kind === 'sparse-regression' && data.signs === 'positive';
  return [
    condition(
      'noise on the label of one sample a step',
      labelNoise > 0 && batchSize === 1,
      `±${inWords(labelNoise)}, batches of ${batchSize}`,
    ),
    condition('mean of the loss over the samples', loss.reduction === 'mean', `the ${loss.reduction}`),
    condition(
      'Gaussian inputs of mean 0, targets without noise of their own',
      plain,
      plain ? 'as generated' : 'noise or shift in the data',
    ),
    condition('a non-negative truth', positive, positive ? 'signs: positive' : 'v∘v is never negative'),
  ];
}

/** τ = ½δ² Σ η_t² over the run, and the last η over the first. */
function noiseOf({ schedule, labelNoise }: Sgd, eta: number, steps: number): { readonly time: number; readonly last: number } {
  if (schedule === 'constant') return { time: 0.5 * (labelNoise * eta) ** 2 * steps, last: 1 };
  if (schedule === 'inverse-sqrt') return { time: 0.5 * (labelNoise * eta) ** 2 * Math.log(steps + 1), last: 1 / Math.sqrt(steps) };
  const drops = [...schedule.at].filter((at) => at < steps).sort((a, b) => a - b);
  let time = 0;
  let factor = 1;
  let from = 0;
  for (const at of [...drops, steps]) {
    time += 0.5 * (labelNoise * eta * factor) ** 2 * (at - from);
    from = at;
    if (at < steps) factor *= schedule.factor;
  }
  return { time, last: factor };
}

async function examine(situation: Situation, outline: Outline, optimizer: Sgd): Promise<Examination> {
  const { experiment, data, facts, start, stepSize } = situation;
  const d = data.features;
  const equal = Array.from({ length: d }, (_, j) => j).every((j) => start[j] === start[d + j] && start[j] !== 0);
  const steps = experiment.stop.steps ?? 0;
  let sharpest = 0;
  for (let i = 0; i < data.samples; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += (start[j] ** 2 + start[d + j] ** 2) * facts.inputs[i * d + j] ** 2;
    sharpest = Math.max(sharpest, (stepSize ?? Number.NaN) * sum);
  }
  const { time, last } = noiseOf(optimizer, stepSize ?? Number.NaN, steps);
  const l1 = facts.consistent ? minimumL1(facts.inputs, data.y, data.samples, facts.width, await situation.linearPrograms()) : null;
  const miss = l1 === null || data.truth === null ? Number.NaN : relativeDistance(l1.point, data.truth);
  const conditions = [
    ...outline.conditions,
    condition('equal layers at the start', equal, equal ? 'they stay so: v∘v' : 'the layers differ, or a coordinate is 0 and stays there'),
    condition(
      'samples enough to fix a sparse truth',
      miss <= SAME,
      l1 === null
        ? 'the data cannot be fitted'
        : miss <= SAME
          ? `of all exact fits the truth has the least ℓ1 norm, ${inWords(l1.objective)}`
          : `the exact fit of least ℓ1 norm is ${inWords(miss)} from the truth`,
    ),
    condition('a step that is stable on every sample at the start, η Σⱼ 2vⱼ²xᵢⱼ² < 2', sharpest < 2, `the largest is ${inWords(sharpest)}`),
    condition('noise for long enough, ½δ² Σ ηₜ² ≥ 3', time >= ENOUGH_NOISE, `${inWords(time)} in ${stepsInWords(steps)}`),
    condition('steps that become small at the end', last <= LAST_STEP, `the last is ${inWords(last)} of the first`),
  ];
  const prediction = predictionOf(haochen2021SparseRecovery, outline, conditions);
  return {
    prediction,
    fixedTime: true,
    measures: ['loss', 'distance', 'l1Norm', 'l2Norm', 'parameterNorm'],
    companions: prediction.applies ? [quiet(experiment, optimizer)] : [],
    solve: () => Promise.resolve(l1 === null ? null : referenceOf(l1)),
    judge: (trained, reference, companions) => judge(trained, reference, companions, experiment.expect?.tolerance ?? TOLERANCE),
    figures: (trained, reference) => coefficientFigure(trained, reference),
  };
}

/** The same steps without the noise. */
function quiet(experiment: Experiment, optimizer: Sgd): Experiment {
  return { ...experiment, optimizer: { ...optimizer, labelNoise: 0, schedule: 'constant' } };
}

function referenceOf({ point, objective, certificate }: Awaited<ReturnType<typeof minimumL1>>): Reference {
  return {
    id: 'sparse-truth',
    title: 'The sparse truth, the exact fit of least ℓ1 norm',
    regularizer: 'sparse-truth',
    predictor: Array.from(point),
    objective,
    certificate,
    role: 'predicted',
  };
}

function judge(trained: Trained, reference: Reference | null, companions: readonly Trained[], tolerance: number): Verdict {
  const base = { result: ID, measure: 'relative-distance', tolerance };
  if (reference?.predictor == null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const truth = Float64Array.from(reference.predictor);
  const value = relativeDistance(trained.predictor, truth);
  const other = companions.at(0)?.predictor;
  const without = other == null ? null : relativeDistance(other, truth);
  const says =
    `w is ${inWords(value)} from the sparse truth` +
    (without === null ? '' : `; the same steps without the noise end ${inWords(without)} away`);
  if (value > tolerance) return { ...base, outcome: 'disagrees', value, says: `${says}: the noise has not found it.` };
  if (without !== null && without <= tolerance) {
    return { ...base, outcome: 'inconclusive', value, says: `${says}: so it was not the noise that found it.` };
  }
  return { ...base, outcome: 'agrees', value, says: `${says}.` };
}

/** Coefficients by size of the truth, trained and true. */
function coefficientFigure({ predictor }: Trained, reference: Reference | null): readonly Figure[] {
  if (predictor === null || reference?.predictor == null) return [];
  const truth = reference.predictor;
  const order = Array.from(predictor.keys()).sort((a, b) => truth[b] - truth[a] || predictor[b] - predictor[a]);
  const x = order.map((_, k) => k + 1);
  const support = truth.filter((value) => value > 1e-9).length;
  const off = order.slice(support).map((j) => Math.abs(predictor[j]));
  return [
    {
      kind: 'chart',
      id: 'label-noise-coefficients',
      title: 'Coefficients, those of the truth first',
      says: `Off the ${support} coefficients of the truth the largest is ${inWords(off.reduce((most, value) => Math.max(most, value), 0))}.`,
      x: { label: 'coefficient', scale: 'linear' },
      y: { label: 'w', scale: 'linear' },
      series: [
        { name: 'trained', style: 'points', x, y: order.map((j) => predictor[j]) },
        { name: 'truth', style: 'line', x, y: order.map((j) => truth[j]) },
      ],
    },
  ];
}
