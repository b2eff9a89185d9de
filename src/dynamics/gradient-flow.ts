/**
 * Gradient flow θ′ = −∇ℒ(θ), integrated adaptively.
 *
 * A loss with an exponential tail is followed in the loss-normalised time s with ds = ℒ dt: dθ/ds = −∇ ln ℒ(θ).
 * That is the same curve; everything stays finite while ℒ goes below e^(−10⁹) (Lyu & Li 2020, App. J use the same idea for
 * gradient descent). The true time is carried along as ln t.
 *
 * The Jacobian −H is exact, so an L-stable Rosenbrock method crosses plateaus and stiff valleys with steps that
 * accuracy alone limits; models too large to factor are integrated by Dormand–Prince.
 */
import { DormandPrince } from '../numerics/dormand-prince';
import { logAddExp } from '../numerics/log-sum-exp';
import { Rosenbrock } from '../numerics/rosenbrock';
import { distance2, norm2 } from '../numerics/vectors';
import type { Dynamics, Obstacle, StepState } from './dynamics';
import { createLinearization } from './linearization';
import type { Objective } from './objective';

export interface GradientFlowOptions {
  /** Relative local error tolerance of a step. */
  readonly tolerance: number;
  /** The time at which the flow ends, where it is followed in its own time; in the loss-normalised time it goes on. */
  readonly endTime?: number;
}

/** Beyond this the run is called diverged. */
const HUGE = 1e150;
const SAFETY = 0.9;
const LARGEST_GROWTH = 6;
const SMALLEST_SHRINK = 0.1;
/** Local errors of a few roundings of the typical parameter cannot be asked for. */
const ROUNDING = 16 * Number.EPSILON;
/** The first step as a part of the time on which the start changes; the error lets it grow at once. */
const FIRST_STEP = 1e-6;
/** A step is tried at most this often before the flow gives up. */
const MOST_REJECTIONS = 60;
/** The gradient must have fallen by this factor from its largest value, and no parameter may still be growing. */
const REST_GRADIENT = 1e-13;
const REST_GROWTH = 1e-6;
/** Or the steps, though free to grow, move no parameter by more than rounding so many times in a row. */
const REST_CHANGE = 4 * Number.EPSILON;
const REST_STEPS = 8;
/**
 * A flow between two sides of a kink that both lead to it slides along it, and steps across it are as short as the tolerance is of the jump. So many steps that are
 * together so small a share of the time on which ℒ or θ changes lead nowhere: at that pace 200 000, the most that a flow takes, are a fifth of it.
 */
const SLIDING = { steps: 1000, share: 1e-3 };
/** Along the flow the kink is at most so many of these steps away, and the gradient jumps there by more than this share. */
const ACROSS = 16;
const JUMP = 1e-3;

export function createGradientFlow(objective: Objective, start: Float64Array, options: GradientFlowOptions): Dynamics {
  return new GradientFlow(objective, start, options.tolerance, options.endTime ?? Infinity);
}

class GradientFlow implements Dynamics {
  readonly kind = 'gradient-flow';
  readonly stepSize = null;
  readonly parameters: Float64Array;
  steps = 0;
  logTime = -Infinity;
  obstacle?: Obstacle;

  private readonly logarithmic: boolean;
  private readonly slope: Float64Array;
  private readonly method: { next: Float64Array; error: Float64Array; attempt(y: Float64Array, slope: Float64Array, h: number): boolean };
  private readonly linearize: (theta: Float64Array) => void;
  /** Smallest size of a parameter below which its error is measured absolutely. */
  private readonly floor: number;
  /** The parameters of a layer act through their sums: a small one among large ones carries their rounding. */
  private readonly mixing: boolean;
  private h: number;
  private order: number;
  private logLoss: number;
  private largestGradient: number;
  private stillSteps = 0;
  /** Length of the steps since the last look at the pace. */
  private elapsed = 0;

  constructor(
    private readonly objective: Objective,
    start: Float64Array,
    private readonly tolerance: number,
    private readonly endTime: number,
  ) {
    const { model, loss } = objective;
    this.parameters = Float64Array.from(start);
    this.logarithmic = loss.logarithmic;
    this.slope = new Float64Array(start.length);
    this.logLoss = this.computeSlope(this.parameters, this.slope);
    this.largestGradient = norm2(this.slope);
    this.h = this.firstStep();

    const linearization = createLinearization(objective, this.logarithmic);
    const rhs = (y: Float64Array, out: Float64Array): void => void this.computeSlope(y, out);
    if (linearization === null) {
      this.method = new DormandPrince(start.length, rhs);
      this.linearize = () => undefined;
      this.order = 5;
    } else {
      this.method = new Rosenbrock({
        size: start.length,
        rhs,
        linearize: (y) => linearization.linearize(y),
        factor: (shift) => linearization.factor(shift),
        solve: (b) => linearization.solve(b),
      });
      this.linearize = (y) => linearization.linearize(y);
      this.order = 4;
    }
    // Parameters of a homogeneous model of degree ≥ 2 act through their ratios, so each is followed to relative accuracy.
    let smallest = Infinity;
    for (const value of start) if (value !== 0) smallest = Math.min(smallest, Math.abs(value));
    // Of a product of matrices only the singular values are multiplied along: an entry, a mixture of them, may cross 0 and carries their rounding.
    const share = model.kind === 'matrix-factorization' ? 1 : 1e-9;
    this.floor = model.degree === 1 || !Number.isFinite(smallest) ? 0 : share * smallest;
    this.mixing = model.curvatureDiagonal === undefined;
  }

  /**
   * A small part of the time in which the first slope would use up the loss, or move θ as far as θ is long. Both scale with the units of
   * inputs, targets and loss as time does: a length of 1 is long for θ where inputs are huge, and a first step that is far too long leaves
   * its rounding across the span of the inputs, where nothing takes it back.
   */
  private firstStep(): number {
    const h = FIRST_STEP * this.timeOfChange(this.largestGradient);
    return Number.isFinite(h) && h > 0 ? h : FIRST_STEP;
  }

  /** The time in which the gradient here would use up the loss, or move θ as far as θ is long. */
  private timeOfChange(gradient: number): number {
    const fall = (this.logarithmic ? 1 : this.objective.value(this.parameters)) / gradient / gradient;
    const length = norm2(this.parameters);
    return length > 0 ? Math.min(fall, length / gradient) : fall;
  }

  advance(count: number): StepState {
    for (let k = 0; k < count; k++) {
      const state = this.step();
      if (state !== 'running') return state;
    }
    return 'running';
  }

  /** out = −∇ℒ or −∇ ln ℒ. Returns ln ℒ when logarithmic, else 0. */
  private computeSlope(theta: Float64Array, out: Float64Array): number {
    const value = this.logarithmic ? this.objective.logGradient(theta, out) : this.objective.gradient(theta, out);
    for (let i = 0; i < out.length; i++) out[i] = -out[i];
    return this.logarithmic ? value : 0;
  }

  private step(): StepState {
    const { parameters, slope, method } = this;
    if (norm2(slope) === 0) return 'at-rest';
    const ends = !this.logarithmic && this.endTime < Infinity;
    const endLogTime = Math.log(this.endTime);
    if (ends && this.logTime >= endLogTime) return 'arrived';
    const left = ends ? this.endTime - Math.exp(this.logTime) : Infinity;
    this.linearize(parameters);
    let error = Infinity;
    for (let rejection = 0; rejection < MOST_REJECTIONS; rejection++) {
      const h = Math.min(this.h, left);
      const solved = method.attempt(parameters, slope, h);
      error = solved ? this.scaledError() : Infinity;
      if (error <= 1) {
        this.h = h * Math.min(LARGEST_GROWTH, Math.max(SMALLEST_SHRINK, SAFETY * Math.pow(Math.max(error, 1e-12), -1 / this.order)));
        const state = this.accept(h);
        if (h < left) return state;
        // Exactly: the sum of the steps carries their rounding.
        this.logTime = endLogTime;
        return state === 'running' ? 'arrived' : state;
      }
      this.h = h * (Number.isFinite(error) ? Math.max(SMALLEST_SHRINK, SAFETY * Math.pow(error, -1 / this.order)) : SMALLEST_SHRINK);
    }
    // Sixty rejections shrink h by up to 10⁶⁰: F is not finite here, or not smooth.
    if (!Number.isFinite(error)) return 'diverged';
    this.obstacle = this.jumpAhead(this.h);
    return 'stuck';
  }

  /** Asked once in so many steps: whether all of them led nowhere, at a kink. */
  private slides(gradient: number): boolean {
    const { elapsed } = this;
    this.elapsed = 0;
    const share = elapsed / this.timeOfChange(gradient);
    if (!(share < SLIDING.share)) return false;
    const obstacle = this.jumpAhead(ACROSS * this.h);
    if (!(obstacle.jump > JUMP * gradient) || !this.facesBack()) return false;
    this.obstacle = { ...obstacle, pace: { steps: SLIDING.steps, share } };
    return true;
  }

  /**
   * Whether the slope here and the one that `jumpAhead` has left in `method.error` lead to each other: where a unit switches, the gradient jumps along the
   * normal of that kink, so a flow that crosses it goes the same way along the jump on both sides.
   */
  private facesBack(): boolean {
    const { slope } = this;
    const { error: beyond } = this.method;
    let here = 0;
    let there = 0;
    for (let i = 0; i < slope.length; i++) {
      here += slope[i] * (beyond[i] - slope[i]);
      there += beyond[i] * (beyond[i] - slope[i]);
    }
    return here * there < 0;
  }

  /** How the gradient changes over a step of length h, if that moves θ, else over the shortest distance that does: at a kink by as much as over a long one. */
  private jumpAhead(h: number): Obstacle {
    const { parameters, slope } = this;
    const { next, error } = this.method;
    const gradient = norm2(slope);
    const within = Math.max(h * gradient, ROUNDING * norm2(parameters));
    for (let i = 0; i < next.length; i++) next[i] = parameters[i] + (within / gradient) * slope[i];
    this.computeSlope(next, error);
    return { gradient, jump: distance2(error, slope), within };
  }

  /** Largest component of the local error in units of the tolerance. */
  private scaledError(): number {
    const { next, error } = this.method;
    const { parameters, tolerance } = this;
    let floor = this.floor;
    if (floor === 0 || this.mixing) {
      let sum = 0;
      for (let i = 0; i < next.length; i++) sum += Math.max(next[i] * next[i], parameters[i] * parameters[i]);
      const typical = Math.sqrt(sum / next.length);
      floor = floor === 0 ? typical : Math.max(floor, Math.min(1, ROUNDING / tolerance) * typical);
    }
    let largest = 0;
    for (let i = 0; i < next.length; i++) {
      const size = Math.max(Math.abs(parameters[i]), Math.abs(next[i]), floor);
      const ratio = Math.abs(error[i]) / (tolerance * size);
      // Written so that NaN counts as too large.
      if (!(ratio <= largest)) largest = Number.isNaN(ratio) ? (error[i] === 0 ? largest : Infinity) : ratio;
    }
    return largest;
  }

  private accept(h: number): StepState {
    const { parameters, slope } = this;
    const { next } = this.method;
    let growth = 0;
    let change = 0;
    let largest = 0;
    for (let i = 0; i < next.length; i++) {
      const before = Math.abs(parameters[i]);
      const after = Math.abs(next[i]);
      largest = Math.max(largest, after);
      change = Math.max(change, Math.abs(next[i] - parameters[i]));
      if (after > before) growth = Math.max(growth, (after - before) / after);
    }
    this.stillSteps = change <= REST_CHANGE * largest && growth <= REST_GROWTH ? this.stillSteps + 1 : 0;
    parameters.set(next);
    this.steps++;
    const logLossBefore = this.logLoss;
    this.logLoss = this.computeSlope(parameters, slope);
    this.logTime = logAddExp(this.logTime, this.logarithmic ? logElapsed(h, -logLossBefore, -this.logLoss) : Math.log(h));
    if (!(largest < HUGE) || Number.isNaN(this.logLoss)) return 'diverged';
    const gradient = norm2(slope);
    this.largestGradient = Math.max(this.largestGradient, gradient);
    const convex = this.objective.model.degree === 1;
    if (gradient <= REST_GRADIENT * this.largestGradient && (convex || growth <= REST_GROWTH)) return 'at-rest';
    if (this.stillSteps >= REST_STEPS) return 'at-rest';
    this.elapsed += h;
    return this.steps % SLIDING.steps === 0 && this.slides(gradient) ? 'stuck' : 'running';
  }
}

/** ln ∫ e^a ds over a step of length h on which a goes linearly from `from` to `to`: exact for an exponentially falling loss. */
function logElapsed(h: number, from: number, to: number): number {
  const d = to - from;
  const mean = Math.abs(d) < 1e-8 ? d / 2 : d > 0 ? d + Math.log(-Math.expm1(-d) / d) : Math.log(Math.expm1(d) / d);
  return Math.log(h) + from + mean;
}
