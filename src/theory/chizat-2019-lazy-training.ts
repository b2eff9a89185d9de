/**
 * L. Chizat, E. Oyallon, F. Bach, On lazy training in differentiable programming, NeurIPS 2019; A. Jacot, F. Gabriel, C. Hongler,
 * Neural tangent kernel, NeurIPS 2018: f = α h with h = 0 at the start and a large α, or a wide network whose output is divided by the
 * root of its width, moves so little that it stays with its linearization, and ends at the kernel interpolant
 *
 *     f(x) = f₀(x) + K(x, X) K(X, X)⁻¹ (y − f₀(X)),      ‖θ_∞ − θ₀‖ = √((y − f₀)ᵀ K⁻¹ (y − f₀)) = O(1/α).
 *
 * How far the trained function may be from it no theorem says in numbers. The verdict therefore rests on two things: the deviation is
 * small, and it falls as α grows. The same network is trained at 4α, where the linearization predicts the same function: the
 * deviation has to fall like 1/α for a smooth activation (Chizat et al.). For units with kinks, to which their theorem does not extend,
 * it falls like 1/√α at a fixed width: a share of 1/(α√m) of the pairs of a unit and a sample changes sides, in either direction alike.
 */
import { activationSpec, createModel } from '../models/create-model';
import type { Dataset } from '../data/dataset';
import type { Experiment } from '../experiment/schema';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { norm2 } from '../numerics/vectors';
import type { Condition, Figure, FigureSeries, Reference, Verdict } from '../protocol/report';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { leastMovement, reluTangentKernel, tangentKernel, type KernelSolution, type TangentKernel } from './tangent-kernel';
import { condition, countInWords, inWords } from './wording';

const ID = 'chizat-2019-lazy-training';

/** "Much less than 1", for what the theorem asks to be small and for the deviation that is called agreement. */
const SMALL = 0.1;
/** The kernel is refused beyond: the slowest direction then takes a million times as long as the fastest, and its prediction is noise. */
const WORST_CONDITION = 1e6;
/** Entries of the Jacobian: some milliseconds for every look at the file. */
const LARGEST = 2e6;
/** α of the companion, relatively. */
const SCALE = 4;
/** A deviation that falls by less than this power, 7 % over a factor of 4, does not fall: no law has so small an exponent. */
const STUCK = 0.05;
/** Below this the deviation is that of a run that has not quite ended, whatever α. */
const FLOOR = 1e-5;
/** Of a term of an output, in its sum and over the steps. */
const ROUNDINGS = 8;
const POINTS = 181;

type NetworkSpec = Extract<Experiment['model'], { kind: 'scaled' }>['model'];

export const chizat2019LazyTraining: PublishedResult = {
  id: ID,
  row: 'A5',
  title: 'Lazy training: the neural tangent kernel decides',
  statement:
    'A network whose output is multiplied by a large α and starts at 0, or a wide one in the NTK scaling, hardly moves: it stays with its ' +
    'linearization and ends at the interpolant of least norm of its tangent kernel at the start. The distance that it moves is O(1/α).',
  formula: 'f(x) → f₀(x) + K(x,X) K(X,X)⁻¹ (y − f₀(X)),  ‖θ_∞ − θ₀‖ ≈ √((y − f₀)ᵀ K⁻¹ (y − f₀))',
  status: 'theorem',
  citation: {
    authors: 'Lénaïc Chizat, Edouard Oyallon, Francis Bach',
    year: 2019,
    title: 'On Lazy Training in Differentiable Programming',
    venue: 'Advances in Neural Information Processing Systems 32',
    url: 'https://arxiv.org/abs/1812.07956',
  },

  outline(experiment) {
    const { loss, model } = experiment;
    if (loss.kind !== 'square' || networkOf(experiment) === null) return null;
    return {
      regularizer: 'kernel-norm',
      symbol: 'min ‖θ − θ₀‖₂ of the linearized network s.t. f(X) = y',
      conditions: fileConditions(experiment),
      modelNote: model.kind === 'scaled' ? 'the larger the factor, the lazier' : null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = chizat2019LazyTraining.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function networkOf({ model }: Experiment): NetworkSpec | null {
  if (model.kind === 'scaled') return model.model;
  return model.kind === 'network' && model.trainable === 'all' ? model : null;
}

/** The same network with its output multiplied by four. */
function atLargerScale(experiment: Experiment): Experiment {
  const { model, optimizer } = experiment;
  const scaled: Experiment['model'] =
    model.kind === 'scaled'
      ? { ...model, factor: SCALE * model.factor }
      : { kind: 'scaled', factor: SCALE, perRootWidth: false, model: networkOf(experiment) as NetworkSpec };
  return {
    ...experiment,
    model: scaled,
    // The curvature of the loss is SCALE² times as large.
    optimizer:
      optimizer.kind === 'gradient-descent' && optimizer.stepSize !== undefined
        ? { ...optimizer, stepSize: optimizer.stepSize / SCALE ** 2 }
        : optimizer,
  };
}

function fileConditions({ optimizer }: Experiment): Condition[] {
  const plain = optimizer.kind === 'gradient-descent' && optimizer.normalize === 'none' && optimizer.momentum === 0;
  return [condition('gradient flow, or descent with a fixed step', optimizer.kind === 'gradient-flow' || plain, optimizer.kind)];
}

/** What is predicted, on the samples and on the points where functions are compared. */
interface Kernel {
  readonly kernel: TangentKernel;
  readonly solution: KernelSolution;
  /** Largest |f − y| of the network itself at θ₀ + δ, relative to the largest |y − f₀|: what its linearization leaves out. */
  readonly curvature: number;
  readonly probes: Probes;
}

interface Probes {
  readonly x: Float64Array;
  readonly rows: number;
  /** Where the points lie in a picture: places or angles in degrees; null where they lie nowhere in order. */
  readonly axis: { readonly at: readonly number[]; readonly samples: readonly number[]; readonly label: string } | null;
}

function examine(situation: Situation, outline: Outline): Examination {
  const { data, model, start, stepSize, loss, experiment } = situation;
  const conditions = [...outline.conditions];
  const found = data.samples * model.parameterCount > LARGEST ? null : kernelOf(situation);
  if (found === null) {
    conditions.push(
      condition('kernel of a size that can be computed', 'unknown', `${data.samples} × ${countInWords(model.parameterCount)} derivatives`),
    );
  } else {
    const { kernel, curvature } = found;
    const size = norm2(kernel.outputs) / (norm2(data.y) || 1);
    const { values } = kernel.eigen;
    const [least, most] = [values[0], values[kernel.size - 1]];
    const invertible = kernel.condition <= WORST_CONDITION;
    conditions.push(
      condition('f small beside the targets at the start', size <= SMALL, `‖f₀‖ = ${inWords(size)} ‖y‖`),
      condition(
        'the tangent kernel is invertible on the samples',
        invertible,
        `λ_min = ${inWords(Math.max(0, least))}, condition number ${inWords(kernel.condition)}, at most ${inWords(WORST_CONDITION)}${
          invertible ? '' : emptyFrequencies(situation)
        }`,
      ),
      condition(
        'lazy: the linearization holds over the predicted movement',
        !invertible ? 'unknown' : curvature <= SMALL,
        !invertible
          ? 'there is no prediction'
          : `at θ₀ + δ, ‖δ‖ = ${inWords(norm2(found.solution.step))} = ${inWords(norm2(found.solution.step) / norm2(start))} ‖θ₀‖, the network misses the targets by ` +
              `${inWords(curvature)} of what it had to learn, at most ${SMALL}`,
      ),
    );
    if (stepSize !== null) {
      const bound = (2 / most) * (loss.reduction === 'mean' ? data.samples : 1);
      conditions.push(
        condition('step size below 2/λ_max', stepSize < bound, `η = ${inWords(stepSize)}, bound ${inWords(bound)} at the start`),
      );
    }
  }
  const applies = conditions.every(({ holds }) => holds === true);
  const settled = applies ? found : null;
  return {
    prediction: predictionOf(chizat2019LazyTraining, outline, conditions, applies),
    measures: ['loss', 'gradientNorm', 'testLoss', 'parameterNorm'],
    companions: applies ? [atLargerScale(experiment)] : [],
    solve: () => Promise.resolve(settled === null ? null : referenceOf(settled)),
    judge: (trained, _reference, companions) => judge(situation, settled as Kernel, trained, companions),
    ...(settled !== null && { figures: (trained: Trained) => figures(situation, settled, trained) }),
  };
}

/** Antipodal samples: for a bias-free ReLU network f(x) − f(−x) is linear in x, whatever the parameters. */
function emptyFrequencies({ experiment, data }: Situation): string {
  const network = networkOf(experiment);
  if (network === null || network.bias !== 'none' || activationSpec(network.activation).kind !== 'relu') return '';
  const { x, features, samples } = data;
  let pairs = 0;
  for (let i = 0; i < samples; i++) {
    for (let k = i + 1; k < samples; k++) {
      let sum = 0;
      let size = 0;
      for (let j = 0; j < features; j++) {
        sum += Math.abs(x[i * features + j] + x[k * features + j]);
        size += Math.abs(x[i * features + j]);
      }
      if (sum <= 1e-9 * size) pairs++;
    }
  }
  return pairs > features
    ? `: ${pairs} pairs x, −x, and f(x) − f(−x) is linear in x for ReLU units without bias, so that odd frequencies from 3 on cannot be learned`
    : '';
}

function kernelOf(situation: Situation): Kernel {
  const { model, start, data } = situation;
  const kernel = tangentKernel(model, start);
  const target = data.y.map((value, i) => value - kernel.outputs[i]);
  const solution = leastMovement(kernel, target);
  const end = start.map((value, k) => value + solution.step[k]);
  const outputs = new Float64Array(data.samples);
  model.outputs(end, outputs);
  const missed = largest(outputs.map((value, i) => value - data.y[i])) / (largest(target) || 1);
  return { kernel, solution, curvature: missed, probes: probesOf(data) };
}

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Between the samples: a grid on a line or a circle, else the test samples, else the middle of each pair of samples. */
function probesOf({ x, features, samples, test }: Dataset): Probes {
  if (features === 1) {
    const low = x.reduce((least, value) => Math.min(least, value), Infinity);
    const high = x.reduce((most, value) => Math.max(most, value), -Infinity);
    const at = Array.from({ length: POINTS }, (_, k) => low + ((high - low) * k) / (POINTS - 1));
    return { x: Float64Array.from(at), rows: POINTS, axis: { at, samples: Array.from(x), label: 'x' } };
  }
  if (features === 2) {
    const radii = Array.from({ length: samples }, (_, i) => Math.hypot(x[2 * i], x[2 * i + 1]));
    if (radii.every((radius) => Math.abs(radius - radii[0]) <= 1e-6 * radii[0])) {
      const at = Array.from({ length: POINTS }, (_, k) => -180 + (360 * k) / (POINTS - 1));
      const points = Float64Array.from({ length: 2 * POINTS }, (_, k) => {
        const angle = (at[k >> 1] * Math.PI) / 180;
        return radii[0] * (k % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
      });
      const places = radii.map((_, i) => (Math.atan2(x[2 * i + 1], x[2 * i]) * 180) / Math.PI);
      return { x: points, rows: POINTS, axis: { at, samples: places, label: 'angle of x in degrees' } };
    }
  }
  if (test !== null) return { x: test.x, rows: test.samples, axis: null };
  const middles: number[] = [];
  for (let i = 0; i < samples; i++) {
    for (let k = i + 1; k < samples && middles.length < 400 * features; k++) {
      for (let j = 0; j < features; j++) middles.push((x[i * features + j] + x[k * features + j]) / 2);
    }
  }
  return middles.length === 0
    ? { x, rows: samples, axis: null }
    : { x: Float64Array.from(middles), rows: middles.length / features, axis: null };
}

/** f₀ and what the linearization adds to it, on the points of comparison; f₀ times `factor`, for a network times that factor. */
function predictedOn({ model, start, data, experiment }: Situation, { kernel, probes }: Kernel, factor: number): Float64Array {
  const target = data.y.map((value, i) => value - factor * kernel.outputs[i]);
  const { step } = leastMovement(kernel, target);
  const there = createModel(experiment.model, { ...data, x: probes.x, samples: probes.rows });
  const change = new Float64Array(probes.rows);
  there.pushforward(start, step, change);
  const before = new Float64Array(probes.rows);
  model.outputsOn(start, probes.x, probes.rows, before);
  return change.map((value, i) => factor * before[i] + value);
}

function referenceOf({ solution }: Kernel): Reference {
  const { step, certificate } = solution;
  return {
    id: 'kernel',
    title: 'Kernel interpolant of least norm',
    regularizer: 'kernel-norm',
    predictor: null,
    objective: norm2(step),
    certificate,
    role: 'predicted',
  };
}

/** Largest difference from the prediction, relative to how much the prediction varies. */
function deviation(situation: Situation, found: Kernel, trained: Trained, factor: number): number {
  const { probes } = found;
  const predicted = predictedOn(situation, found, factor);
  const outputs = new Float64Array(probes.rows);
  situation.model.outputsOn(trained.parameters, probes.x, probes.rows, outputs);
  return largest(outputs.map((value, i) => factor * value - predicted[i])) / (largest(predicted) || 1);
}

/**
 * What rounding leaves of the outputs at the larger α, relative to the largest target: terms of ∇f·θ are rounded however small their sum, some of them several times.
 */
function roundingOf({ start, data }: Situation, { kernel: { jacobian, size } }: Kernel): number {
  let most = 0;
  for (let i = 0; i < size; i++) {
    let terms = 0;
    for (let j = 0; j < start.length; j++) terms += Math.abs(jacobian[i * start.length + j] * start[j]);
    most = Math.max(most, terms);
  }
  return (ROUNDINGS * Number.EPSILON * SCALE * most) / (largest(data.y) || 1);
}

function judge(situation: Situation, found: Kernel, trained: Trained, companions: readonly Trained[]): Verdict {
  const { experiment, start } = situation;
  const tolerance = experiment.expect?.tolerance ?? SMALL;
  const own = deviation(situation, found, trained, 1);
  const moved = norm2(trained.parameters.map((value, k) => value - start[k]));
  const predicted = norm2(found.solution.step);
  const movement = Math.abs(moved - predicted) / predicted;
  const value = Math.max(own, movement);
  const base = { result: ID, measure: 'relative deviation from the kernel interpolant', value, tolerance };
  const what =
    `The trained function is within ${inWords(own)} of the kernel interpolant, relatively, and the parameters moved by ${inWords(moved)}, ` +
    `predicted ${inWords(predicted)}`;
  const [companion] = companions;
  if (trained.outcome !== 'converged' || companion?.outcome !== 'converged') {
    return { ...base, outcome: 'inconclusive', says: `${what}; the run or its companion at ${SCALE}α ended early.` };
  }
  const larger = deviation(situation, found, companion, SCALE);
  const order = Math.log(own / larger) / Math.log(SCALE);
  // The laws 1/α and 1/√α, with half of the exponent for what is not yet asymptotic.
  const law = situation.model.kinks === undefined ? 1 : 0.5;
  const floor = Math.max(FLOOR, roundingOf(situation, found));
  const falls = larger <= floor || order >= law / 2;
  const law0 =
    `at ${SCALE}α the deviation is ${inWords(larger)}: ` +
    (larger <= floor && order < law / 2
      ? 'as good as none'
      : `it ${order > 0 ? 'falls' : 'grows'} like α^(${order > 0 ? '−' : ''}${inWords(Math.abs(order), 2)}), by theory it falls like α^(−${law})`);
  if (!falls && order < STUCK) return { ...base, outcome: 'disagrees', says: `${what}; ${law0}.` };
  if (!falls || value > tolerance) {
    return { ...base, outcome: 'inconclusive', says: `${what}; ${law0}: at this scale training is not lazy enough to tell.` };
  }
  return { ...base, outcome: 'agrees', says: `${what}; ${law0}.` };
}

/** K(x, X)K(X, X)⁻¹y with the kernel of infinitely many ReLU units; null for other networks, and where it is not invertible. */
export function limitInterpolant({ experiment, data }: Situation, probes: Pick<Probes, 'x' | 'rows'>): Float64Array | null {
  const network = networkOf(experiment);
  const { init } = experiment;
  if (network === null || network.widths.length !== 1 || network.bias === 'all' || network.residual) return null;
  if (activationSpec(network.activation).kind !== 'relu' || (init.kind !== 'gaussian' && init.kind !== 'antisymmetric')) return null;
  const { features, samples } = data;
  const width = features + (network.bias === 'first' ? 1 : 0);
  const rowOf = (x: Float64Array, i: number): Float64Array => {
    const row = new Float64Array(width).fill(1);
    row.set(x.subarray(i * features, (i + 1) * features));
    return row;
  };
  const rows = Array.from({ length: samples }, (_, i) => rowOf(data.x, i));
  const gram = Float64Array.from({ length: samples ** 2 }, (_, k) => reluTangentKernel(rows[Math.floor(k / samples)], rows[k % samples]));
  const { values, vectors } = symmetricEigen(gram, samples);
  if (!(values[0] * WORST_CONDITION >= values[samples - 1])) return null;
  const coefficients = new Float64Array(samples);
  for (let k = 0; k < samples; k++) {
    const vector = vectors.subarray(k * samples, (k + 1) * samples);
    const c = vector.reduce((sum, value, i) => sum + value * data.y[i], 0) / values[k];
    for (let i = 0; i < samples; i++) coefficients[i] += c * vector[i];
  }
  return Float64Array.from({ length: probes.rows }, (_, i) => {
    const row = rowOf(probes.x, i);
    return coefficients.reduce((sum, c, k) => sum + c * reluTangentKernel(row, rows[k]), 0);
  });
}

function figures(situation: Situation, found: Kernel, trained: Trained): readonly Figure[] {
  const { kernel, probes } = found;
  const spectrum: Figure = {
    kind: 'chart',
    id: 'kernel-spectrum',
    title: 'Eigenvalues of the tangent kernel on the samples',
    says: `From ${inWords(kernel.eigen.values[0])} to ${inWords(kernel.eigen.values[kernel.size - 1])}: condition number ${inWords(kernel.condition)}.`,
    x: { label: 'number', scale: 'linear' },
    y: { label: 'eigenvalue of K(X, X)', scale: 'log' },
    series: [
      {
        name: 'λ',
        style: 'points',
        x: Array.from(kernel.eigen.values, (_, k) => k + 1),
        y: Array.from(kernel.eigen.values).reverse(),
      },
    ],
  };
  const { axis } = probes;
  if (axis === null) return [spectrum];
  const { data, model } = situation;
  const outputs = new Float64Array(probes.rows);
  model.outputsOn(trained.parameters, probes.x, probes.rows, outputs);
  const limit = limitInterpolant(situation, probes);
  const curve = (name: string, y: Float64Array): FigureSeries => ({ name, style: 'line', x: axis.at, y: Array.from(y) });
  return [
    {
      kind: 'chart',
      id: 'kernel-function',
      title: 'The trained function and the kernel interpolant',
      says: `The trained function differs from the interpolant of the kernel at the start by at most ${inWords(deviation(situation, found, trained, 1))}, relatively.`,
      x: { label: axis.label, scale: 'linear' },
      y: { label: 'f(x)', scale: 'linear' },
      series: [
        { name: 'samples', style: 'points', x: axis.samples, y: Array.from(data.y) },
        curve('trained', outputs),
        curve('kernel at the start', predictedOn(situation, found, 1)),
        ...(limit === null ? [] : [curve('kernel of infinite width', limit)]),
      ],
    },
    spectrum,
  ];
}
