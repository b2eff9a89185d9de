/**
 * Full-batch gradient descent with a constant step size, momentum and normalization:
 * v ← βv − η∇ℒ/s, θ ← θ + v with s = 1, ‖∇ℒ‖₂, ℒ or 2√ℒ. The gradient is that at θ (heavy ball) or at θ + βv (Nesterov);
 * the exponential mean m ← βm + (1 − β)∇ℒ/s, θ ← θ − ηm is the heavy ball v = −ηm with step (1 − β)η.
 * With weight decay λ, ∇ℒ + λW takes the place of ∇ℒ, W the weights without biases.
 * Whole stretches of steps run in WebAssembly where model and loss allow it (`fused-descent.ts`); the class here is the
 * reference for every model and loss, and what is left without WebAssembly.
 */
import { isBias } from '../experiment/initial-parameters';
import { logAddExp } from '../numerics/log-sum-exp';
import { norm2 } from '../numerics/vectors';
import { ENORMOUS, type DescentNormalization, type GradientDescentOptions } from './descent-options';
import type { ParameterBlock } from '../models/model';
import type { Dynamics, StepState } from './dynamics';
import { createFusedDescent } from './fused-descent';
import { createGround, type Ground } from './ground';
import type { Objective } from './objective';
import { WarmUp } from './warm-up';

/**
 * @param start θ(0), copied
 * The summed step sizes of a normalized descent are those of the gradient itself: η/‖∇ℒ‖₂, η/ℒ or η/(2√ℒ).
 */
export function createGradientDescent(objective: Objective, start: Float64Array, options: GradientDescentOptions): Dynamics {
  // The loop in WebAssembly has one step size.
  const fused = (options.warmup ?? 0) > 0 ? null : createFusedDescent(objective, start, options);
  return fused ?? new GradientDescent(objective, start, options);
}

class GradientDescent implements Dynamics {
  readonly kind = 'gradient-descent';
  readonly parameters: Float64Array;
  readonly stepSize: number;
  steps = 0;
  private state: StepState = 'running';
  private normalizedLogTime = -Infinity;
  private readonly ground: Ground;
  private readonly momentum: number;
  /** What a step's gradient is multiplied by besides η/s. */
  private readonly weight: number;
  private readonly normalize: DescentNormalization;
  /** λ of each parameter, 0 of biases; null without weight decay. */
  private readonly decay: Float64Array | null;
  private readonly warmUp: WarmUp;
  /** ‖θ‖₂², summed while θ moves: infinite where it overflows, and that is beyond every use. */
  private squares = 0;
  /** ln of η divided by this step's ‖∇ℒ‖₂, ℒ or 2√ℒ. */
  private logEffective = 0;

  constructor(
    private readonly objective: Objective,
    start: Float64Array,
    options: GradientDescentOptions,
  ) {
    this.parameters = start.slice();
    this.stepSize = options.stepSize;
    this.momentum = options.momentum;
    this.ground = createGround(objective, start, options.momentumKind === 'nesterov' ? options.momentum : 0);
    this.weight = options.momentumKind === 'ema' ? 1 - options.momentum : 1;
    this.normalize = options.normalize;
    this.decay = decayOf(objective.model.blocks, start.length, options.weightDecay ?? 0);
    this.warmUp = new WarmUp(options.stepSize, options.warmup ?? 0);
  }

  get logTime(): number {
    return this.normalize === 'none' ? Math.log(this.warmUp.sum(this.steps)) : this.normalizedLogTime;
  }

  get warming(): boolean {
    return this.warmUp.growsAt(this.steps);
  }

  advance(count: number): StepState {
    for (let k = 0; k < count && this.state === 'running'; k++) this.step();
    this.parameters.set(this.ground.parameters);
    return this.state;
  }

  private step(): void {
    const rate = this.rate();
    if (Number.isNaN(rate)) {
      this.state = 'diverged';
      return;
    }
    if ((rate === 0 || !this.move(this.weight * rate)) && !this.warming) {
      this.state = 'at-rest';
      return;
    }
    this.steps++;
    if (this.normalize !== 'none') this.normalizedLogTime = logAddExp(this.normalizedLogTime, this.logEffective);
    if (!(this.squares < ENORMOUS * ENORMOUS)) this.state = 'diverged';
  }

  /** Fills the gradient, of ℒ or of ln ℒ, and returns what to multiply it by: 0 at an exact minimum, NaN after divergence. */
  private rate(): number {
    const { objective, ground, normalize, decay } = this;
    const { gradient, place } = ground;
    const stepSize = this.warmUp.at(this.steps);
    if (normalize === 'none') {
      const loss = ground.evaluate();
      if (decay !== null) for (let j = 0; j < gradient.length; j++) gradient[j] += decay[j] * place[j];
      return loss < Infinity ? stepSize : Number.NaN;
    }
    const logarithmic = objective.loss.logarithmic;
    const logLoss = logarithmic ? ground.evaluateLogarithm() : Math.log(ground.evaluate());
    if (!(logLoss < Infinity)) return Number.NaN;
    const size = normalize === 'gradient' ? norm2(gradient) : divisor(normalize, logLoss, logarithmic);
    if (size === 0) return 0;
    this.logEffective = Math.log(stepSize) - Math.log(size) - (logarithmic ? logLoss : 0);
    return stepSize / size;
  }

  /** Whether any parameter or velocity has changed. A velocity that still grows may move a parameter later. */
  private move(rate: number): boolean {
    const squares = this.ground.step(rate, this.momentum);
    if (squares < 0) return false;
    this.squares = squares;
    return true;
  }
}

/** λ of every weight, 0 of biases. */
function decayOf(blocks: readonly ParameterBlock[], size: number, weightDecay: number): Float64Array | null {
  if (weightDecay === 0) return null;
  const decay = new Float64Array(size);
  for (const block of blocks) {
    const { offset, rows, columns } = block;
    if (!isBias(block)) decay.fill(weightDecay, offset, offset + rows * columns);
  }
  return decay;
}

/** What divides ∇ℒ, or with `logarithmic` ∇ ln ℒ = ∇ℒ/ℒ, for steps along ∇ ln ℒ or ∇√ℒ. */
function divisor(normalize: 'loss' | 'sqrt-loss', logLoss: number, logarithmic: boolean): number {
  if (normalize === 'sqrt-loss') return 2 * Math.exp(logarithmic ? -logLoss / 2 : logLoss / 2);
  return logarithmic ? 1 : Math.exp(logLoss);
}
