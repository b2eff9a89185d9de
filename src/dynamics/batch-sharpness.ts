/**
 * Batch sharpness: the mean over mini-batches B of the curvature of the loss on the batch along its own gradient,
 * E[g_Bᵀ∇²ℒ_B g_B / ‖g_B‖²], which SGD is observed to bring to 2/η (A. Andreyev, P. Beneventano, Edge of stochastic stability,
 * arXiv 2412.20553). The mean is over the batches of one epoch in a shuffled order: exact for batches of one sample and of all.
 */
import { randomStream, type RandomStream } from '../numerics/random';
import { dot } from '../numerics/vectors';
import type { Objective } from './objective';

export class BatchSharpness {
  private readonly stream: RandomStream;
  private readonly order: Int32Array;
  private readonly outputs: Float64Array;
  private readonly slopes: Float64Array;
  private readonly pushed: Float64Array;
  private readonly weighted: Float64Array;
  private readonly masked: Float64Array;
  private readonly gradient: Float64Array;
  private readonly image: Float64Array;
  private readonly part: Float64Array;

  /** @param seed of the experiment: the order of the batches is drawn from a stream of its own */
  constructor(
    private readonly objective: Objective,
    private readonly batchSize: number,
    seed: number,
  ) {
    const { samples, outputsPerSample, parameterCount } = objective.model;
    const rows = samples * outputsPerSample;
    this.stream = randomStream(seed, 'batch-sharpness');
    this.order = Int32Array.from({ length: samples }, (_, i) => i);
    [this.outputs, this.slopes, this.pushed, this.weighted, this.masked] = Array.from({ length: 5 }, () => new Float64Array(rows));
    [this.gradient, this.image, this.part] = Array.from({ length: 3 }, () => new Float64Array(parameterCount));
  }

  /** At θ; NaN where every batch's gradient vanishes. */
  at(theta: Float64Array): number {
    const { objective, order, batchSize, outputs, slopes, pushed, weighted, masked, gradient, image, part } = this;
    const { model, loss, targets } = objective;
    const { samples } = model;
    model.outputs(theta, outputs);
    loss.derivative(outputs, targets, slopes);
    this.stream.shuffle(order);
    let sum = 0;
    let batches = 0;
    for (let first = 0; first < samples; first += batchSize) {
      const last = Math.min(samples, first + batchSize);
      // The mean of the batch in units of the whole: n/|B|, for the sum too, whose batches stand for all n samples.
      const factor = samples / (last - first);
      this.mask(slopes, first, last, factor);
      model.pullback(theta, masked, gradient);
      const squares = dot(gradient, gradient);
      if (squares === 0) continue;
      model.curvature(theta, masked, gradient, part);
      model.pushforward(theta, gradient, pushed);
      loss.secondTimes(outputs, targets, pushed, weighted);
      this.mask(weighted, first, last, factor);
      model.pullback(theta, masked, image);
      sum += (dot(gradient, image) + dot(gradient, part)) / squares;
      batches++;
    }
    return sum / batches;
  }

  /** masked = factor · v on the samples of the batch, 0 elsewhere. */
  private mask(v: Float64Array, first: number, last: number, factor: number): void {
    const { masked, order } = this;
    const width = this.objective.model.outputsPerSample;
    masked.fill(0);
    for (let k = first; k < last; k++) {
      for (let c = order[k] * width, end = c + width; c < end; c++) masked[c] = factor * v[c];
    }
  }
}
