/**
 * Gradient flow of a margin loss on a homogeneous model with kinks (ReLU, leaky ReLU), followed by relative steps.
 *
 * The flow of such a model runs onto the kinks and slides along them (its limit usually has units that are exactly 0 on some
 * sample), where an error-controlled integrator must cross a kink in every step and stands still. Here each step is
 *
 *     θ ← θ − ε ‖θ‖ ∇ ln ℒ / ‖∇ ln ℒ‖,   ε = ε₀ / (1 + max |f(x_i)|)^κ
 *
 * a forward Euler step of the loss-normalised flow whose length relative to ‖θ‖ is ε. Off the kinks it follows the flow to
 * first order in ε. On a kink the steps go to and fro across it, which slides along it to first order in ε: Filippov's
 * solution; between samples of nearly equal margin, whose softmax sharpens like |f|, likewise. A step changes margins by about
 * ε|f|, which ε₀ and the fall of ε with |f| keep near a tenth: steps of one relative length for all would throw
 * samples to and fro over the boundary and kill units that the flow keeps. |ln ℒ| grows like |f|, hence like k^(1/κ) with the
 * number k of steps, and ε falls like 1/k: normalized margins are right to that order (Lyu & Li 2020, section 5, grow the
 * step of gradient descent with the inverse loss in the same way). κ < 1 lets ‖θ‖ grow faster than the true flow is resolved
 * between samples, and what the start left in units that have died fades like 1/‖θ‖.
 *
 * Steps that became small say nothing of convergence, so this dynamics never claims it; only a gradient that vanished is rest.
 * From θ = 0 no step of a relative length leads away: a model of degree 1 has its kink there, and the flow is stuck.
 */
import { logAddExp } from '../numerics/log-sum-exp';
import { distance2, norm2 } from '../numerics/vectors';
import type { Dynamics, Obstacle, StepState } from './dynamics';
import type { Objective } from './objective';

/** ε₀. Halving it moves normalized margins of the two-layer examples by less than 10⁻³ of their value. */
const RELATIVE_STEP = 0.05;
/** κ. */
const DECAY = 0.75;
const HUGE = 1e150;

/** Whether a flow of this objective is followed by relative steps. */
export function followsHomogeneously({ model, loss }: Objective): boolean {
  return model.kinks !== undefined && model.degree !== null && loss.exponentialTail;
}

export function createHomogeneousFlow(objective: Objective, start: Float64Array): Dynamics {
  return new HomogeneousFlow(objective, start);
}

class HomogeneousFlow implements Dynamics {
  readonly kind = 'homogeneous-flow';
  readonly stepSize = null;
  readonly note =
    'The model has kinks, along which the flow slides: it was followed to first order, by steps of ' +
    `${RELATIVE_STEP}/(1 + max |f|)^${DECAY} relative to ‖θ‖.`;
  readonly parameters: Float64Array;
  steps = 0;
  logTime = -Infinity;
  obstacle?: Obstacle;
  private readonly slope: Float64Array;

  constructor(
    private readonly objective: Objective,
    start: Float64Array,
  ) {
    this.parameters = Float64Array.from(start);
    this.slope = new Float64Array(start.length);
  }

  advance(count: number): StepState {
    for (let k = 0; k < count; k++) {
      const state = this.step();
      if (state !== 'running') return state;
    }
    return 'running';
  }

  private step(): StepState {
    const { parameters, slope } = this;
    const logLoss = this.objective.logGradient(parameters, slope);
    const steepness = norm2(slope);
    const length = norm2(parameters);
    if (length === 0 && steepness > 0) {
      this.obstacle = this.jumpFromZero(steepness);
      return 'stuck';
    }
    // Doubling θ would change ln ℒ by rounding alone: every unit is dead, or what is left of the loss is out of every unit's reach.
    if (!(steepness * length > Number.EPSILON) && !Number.isNaN(logLoss)) return 'at-rest';
    const { outputs } = this.objective;
    let largest = 0;
    for (let i = 0; i < outputs.length; i++) largest = Math.max(largest, Math.abs(outputs[i]));
    const relative = RELATIVE_STEP / Math.pow(1 + largest, DECAY);
    const h = (relative * length) / steepness;
    for (let i = 0; i < slope.length; i++) parameters[i] -= h * slope[i];
    this.steps++;
    // dt = ds/ℒ.
    this.logTime = logAddExp(this.logTime, Math.log(h) - logLoss);
    return length < HUGE && !Number.isNaN(logLoss) ? 'running' : 'diverged';
  }

  /** On a ray from 0 the slopes of the units do not change: any short distance shows the jump at 0. */
  private jumpFromZero(gradient: number): Obstacle {
    const { slope } = this;
    const within = Number.EPSILON;
    const there = Float64Array.from(slope, (value) => (-within / gradient) * value);
    const slopeThere = new Float64Array(slope.length);
    this.objective.logGradient(there, slopeThere);
    return { gradient, jump: distance2(slopeThere, slope), within };
  }
}
