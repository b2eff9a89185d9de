/**
 * Stochastic gradient descent: θ ← θ − η∇ℒ_B(θ), ℒ_B the loss on a mini-batch B with the file's reduction:
 * the mean over B, or n/|B| times the sum over B, so that both are unbiased for the full loss and its gradient.
 * One step is one mini-batch. "with-replacement" draws every sample of every batch independently; "without-replacement" draws every
 * batch independently of the others, with no sample in it twice; "shuffle" goes through a fresh permutation in every epoch, whose last batch may be smaller; an order goes through the batches
 * of the samples as the data has them, in that order in every epoch.
 *
 * Noise that is asked for comes anew in every step: of labels y_i ± δ, every sample of the batch by itself (Damian, Ma and Lee 2021,
 * HaoChen et al. 2021), or of the gradient, the same in every direction.
 */
import { randomStream, type RandomStream } from '../numerics/random';
import { axpy, dot, norm2 } from '../numerics/vectors';
import type { Dynamics, StepState } from './dynamics';
import { ENORMOUS } from './descent-options';
import type { Objective } from './objective';
import { scheduledStep, type Schedule } from './step-schedule';
import { logAddExp } from '../numerics/log-sum-exp';

export interface SgdOptions {
  /** η > 0, for the loss with its reduction. */
  readonly stepSize: number;
  /** Samples in a batch; more than there are means all of them. */
  readonly batchSize: number;
  /** An order lists the batches 0 … ⌈n/|B|⌉ − 1. */
  readonly sampling: 'with-replacement' | 'without-replacement' | 'shuffle' | { readonly order: readonly number[] };
  /** Default: constant. */
  readonly schedule?: Schedule;
  /** δ ≥ 0: y_i + δ or y_i − δ with equal chances takes the place of y_i; default 0. */
  readonly labelNoise?: number;
  /** Standard deviation of what is added to every entry of the gradient, normal; default 0. */
  readonly gradientNoise?: number;
}

/** The size of the parameters is looked at once in so many steps. */
const WATCH = 64;

/**
 * @param start θ(0), copied
 * @param stream the stream of the batches
 * @param noise the stream of the noise, needed where there is any
 */
export function createSgd(
  objective: Objective,
  start: Float64Array,
  options: SgdOptions,
  stream: RandomStream,
  noise: RandomStream = stream,
): Dynamics {
  return new Sgd(objective, start, options, stream, noise);
}

class Sgd implements Dynamics {
  readonly kind = 'sgd';
  readonly parameters: Float64Array;
  readonly stepSize: number;
  steps = 0;
  private state: StepState = 'running';
  private readonly sampler: Sampler;
  private readonly gradientOn: BatchGradient;
  private readonly gradient: Float64Array;
  private readonly epoch: number;
  private readonly schedule: Schedule;
  private readonly gradientNoise: number;
  readonly restless: boolean;
  private scheduledLogTime = -Infinity;
  private unchanged = 0;

  constructor(
    private readonly objective: Objective,
    start: Float64Array,
    options: SgdOptions,
    stream: RandomStream,
    private readonly noise: RandomStream,
  ) {
    const { samples } = objective.model;
    const labelNoise = options.labelNoise ?? 0;
    this.schedule = options.schedule ?? 'constant';
    this.gradientNoise = options.gradientNoise ?? 0;
    this.restless = labelNoise > 0 || this.gradientNoise > 0;
    const batchSize = Math.min(options.batchSize, samples);
    this.parameters = start.slice();
    this.gradient = new Float64Array(start.length);
    this.stepSize = options.stepSize;
    this.sampler = new Sampler(samples, batchSize, options.sampling, stream);
    this.gradientOn = batchGradient(objective, labelNoise > 0 ? () => labelNoise * noise.sign() : () => 0);
    this.epoch = Math.ceil(samples / batchSize);
  }

  get logTime(): number {
    return this.schedule === 'constant' ? Math.log(this.steps) + Math.log(this.stepSize) : this.scheduledLogTime;
  }

  advance(count: number): StepState {
    for (let k = 0; k < count && this.state === 'running'; k++) this.step();
    if (!(norm2(this.parameters) < ENORMOUS)) this.state = 'diverged';
    return this.state;
  }

  private step(): void {
    const { parameters, gradient, schedule, gradientNoise, noise } = this;
    if (!this.gradientOn(parameters, this.sampler.next(), gradient)) {
      this.state = 'diverged';
      return;
    }
    if (gradientNoise > 0) for (let j = 0; j < gradient.length; j++) gradient[j] += gradientNoise * noise.gaussian();
    const stepSize = scheduledStep(this.stepSize, schedule, this.steps);
    let changed = false;
    for (let j = 0; j < parameters.length; j++) {
      const next = parameters[j] - stepSize * gradient[j];
      changed ||= next !== parameters[j];
      parameters[j] = next;
    }
    if (!changed && this.steps === 0 && this.stationary()) {
      this.state = 'at-rest';
      return;
    }
    if (schedule !== 'constant') this.scheduledLogTime = logAddExp(this.scheduledLogTime, Math.log(stepSize));
    this.steps++;
    if (this.steps % WATCH === 0 && !(norm2(parameters) < ENORMOUS)) this.state = 'diverged';
    this.unchanged = changed || this.restless ? 0 : this.unchanged + 1;
    if (this.unchanged === 2 * this.epoch) {
      this.unchanged = 0;
      if (this.noSampleMoves()) this.state = 'at-rest';
    }
  }

  /**
   * Whether the gradient of every sample is exactly 0, for every label where labels are noisy: then no batch ever moves θ.
   * One pullback of random weights of the samples tells it, which vanishes with probability 0 where one gradient does not.
   */
  private stationary(): boolean {
    if (this.gradientNoise > 0) return false;
    const { objective, parameters, gradient } = this;
    const { model, loss, targets, outputs } = objective;
    const slopes = new Float64Array(outputs.length).fill(1);
    if (!this.restless) {
      model.outputs(parameters, outputs);
      loss.derivative(outputs, targets, slopes);
    }
    const weights = randomStream(0, 'weights-of-the-samples');
    for (let k = 0; k < slopes.length; k++) slopes[k] *= weights.gaussian();
    model.pullback(parameters, slopes, gradient);
    return norm2(gradient) === 0;
  }

  /**
   * No batch moves θ when no single sample does: a batch's gradient is a mean of those of its samples,
   * and θ − ηg rounds monotonically in g. Steps only become shorter.
   */
  private noSampleMoves(): boolean {
    const { parameters, gradient } = this;
    const stepSize = scheduledStep(this.stepSize, this.schedule, this.steps);
    const single = new Int32Array(1);
    for (let i = 0; i < this.sampler.samples; i++) {
      single[0] = i;
      this.gradientOn(parameters, single, gradient);
      for (let j = 0; j < parameters.length; j++) if (parameters[j] - stepSize * gradient[j] !== parameters[j]) return false;
    }
    return true;
  }
}

/** The batches, one after another. */
class Sampler {
  private readonly order: Int32Array;
  private readonly batches: readonly Int32Array[];
  private position = 0;

  constructor(
    readonly samples: number,
    batchSize: number,
    private readonly sampling: SgdOptions['sampling'],
    private readonly stream: RandomStream,
  ) {
    if (sampling !== 'with-replacement') {
      this.order = Int32Array.from({ length: samples }, (_, i) => i);
      const batch = (b: number): Int32Array => this.order.subarray(b * batchSize, Math.min(samples, (b + 1) * batchSize));
      const inOrder = Array.from({ length: Math.ceil(samples / batchSize) }, (_, b) => batch(b));
      if (sampling === 'without-replacement') this.batches = [batch(0)];
      else this.batches = sampling === 'shuffle' ? inOrder : sampling.order.map((b) => inOrder[b]);
    } else {
      this.order = new Int32Array(batchSize);
      this.batches = [this.order];
    }
  }

  /** Sample indices of the next batch; valid until the next call. */
  next(): Int32Array {
    if (this.position === this.batches.length) this.position = 0;
    if (this.position === 0) {
      if (this.sampling === 'shuffle') this.stream.shuffle(this.order);
      else if (this.sampling === 'without-replacement') this.drawDistinct();
      else if (this.sampling === 'with-replacement')
        for (let k = 0; k < this.order.length; k++) this.order[k] = this.stream.integer(this.samples);
    }
    return this.batches[this.position++];
  }

  /** The first places of a Fisher–Yates shuffle: every set of samples is equally likely, whatever the order before. */
  private drawDistinct(): void {
    const { order } = this;
    for (let k = 0; k < this.batches[0].length; k++) {
      const other = k + this.stream.integer(this.samples - k);
      const drawn = order[other];
      order[other] = order[k];
      order[k] = drawn;
    }
  }
}

/** out = ∇ℒ_B(θ). False when an output on the batch is no longer finite, or the slope of the loss there. */
type BatchGradient = (theta: Float64Array, batch: Int32Array, out: Float64Array) => boolean;

/** @param noise what is added to a label, drawn anew at every call */
function batchGradient(objective: Objective, noise: () => number): BatchGradient {
  const { model, loss, targets } = objective;
  const { samples, inputs, outputsPerSample } = model;
  const buffers = new BatchBuffers(targets, outputsPerSample, loss.reduction === 'sum');
  const slopesOf = (batch: Int32Array): Float64Array | null => {
    const { outputs, labels, slopes, factor } = buffers.of(batch.length);
    loss.derivative(outputs, labels, slopes);
    let sum = 0;
    for (let k = 0; k < slopes.length; k++) {
      slopes[k] *= factor;
      sum += Math.abs(slopes[k]);
    }
    return sum < Infinity ? slopes : null;
  };

  // β(θ)·x̃_i and Σ c_i x̃_i for the samples of the batch alone.
  if (outputsPerSample === 1 && inputs !== undefined && model.predictor !== undefined && model.pullbackPredictor !== undefined) {
    const width = inputs.length / samples;
    const rows = Array.from({ length: samples }, (_, i) => inputs.subarray(i * width, (i + 1) * width));
    const beta = new Float64Array(width);
    const combined = new Float64Array(width);
    const predictor = model.predictor.bind(model);
    const pullback = model.pullbackPredictor.bind(model);
    return (theta, batch, out) => {
      const { outputs, labels } = buffers.of(batch.length);
      predictor(theta, beta);
      for (let k = 0; k < batch.length; k++) {
        outputs[k] = dot(beta, rows[batch[k]]);
        labels[k] = targets[batch[k]] + noise();
      }
      const slopes = slopesOf(batch);
      if (slopes === null) return false;
      combined.fill(0);
      for (let k = 0; k < batch.length; k++) axpy(slopes[k], rows[batch[k]], combined);
      pullback(theta, combined, out);
      return true;
    };
  }

  const width = outputsPerSample;
  const all = new Float64Array(samples * width);
  const cotangent = new Float64Array(samples * width);
  return (theta, batch, out) => {
    const { outputs, labels } = buffers.of(batch.length);
    model.outputs(theta, all);
    for (let k = 0; k < batch.length; k++) {
      for (let c = 0; c < width; c++) outputs[k * width + c] = all[batch[k] * width + c];
      labels[k] = targets[batch[k]] + noise();
    }
    const slopes = slopesOf(batch);
    if (slopes === null) return false;
    cotangent.fill(0);
    for (let k = 0; k < batch.length; k++) {
      for (let c = 0; c < width; c++) cotangent[batch[k] * width + c] += slopes[k * width + c];
    }
    model.pullback(theta, cotangent, out);
    return true;
  };
}

interface Buffers {
  readonly outputs: Float64Array;
  readonly labels: Float64Array;
  readonly slopes: Float64Array;
  /** n/|B| for the sum: the loss on a batch of |B| stands for all n. */
  readonly factor: number;
}

/** One set for each length of batch that occurs: the full one, the last of an epoch, a single sample. */
class BatchBuffers {
  private readonly byLength = new Map<number, Buffers>();

  constructor(
    private readonly targets: Float64Array,
    private readonly outputsPerSample: number,
    private readonly isSum: boolean,
  ) {}

  of(length: number): Buffers {
    let buffers = this.byLength.get(length);
    if (buffers === undefined) {
      buffers = {
        outputs: new Float64Array(length * this.outputsPerSample),
        labels: new Float64Array(length),
        slopes: new Float64Array(length * this.outputsPerSample),
        factor: this.isSum ? this.targets.length / length : 1,
      };
      this.byLength.set(length, buffers);
    }
    return buffers;
  }
}
