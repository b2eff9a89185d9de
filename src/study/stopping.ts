/** When a run ends by itself. Every optimizer has defaults, so that a file without `stop` ends. */
import type { Experiment } from '../experiment/schema';

export interface StopRule {
  readonly loss: number;
  readonly logLoss: number;
  readonly gradientNorm: number;
  /** Relative to the largest gradient seen; the default criterion of convergence. */
  readonly relativeGradient: number;
  readonly logTime: number;
  readonly steps: number;
  readonly seconds: number;
}

/** Accepted integrator steps of a flow; some hundred are usual. */
const FLOW_STEPS = 200_000;
/** Seconds for the usual sizes. A margin loss approaches its limit like 1/ln t: more steps hardly help it, the flow does. */
const DESCENT_STEPS = 1_000_000;
/** The flow on a separable margin loss ends here: the direction error is then about 10⁻⁸ of the transient. */
const LEAST_LOG_LOSS = -1e8;
/** A gradient this far below its largest value carries no digit any more. */
const RELATIVE_GRADIENT = 1e-13;

export function stopRule({ stop, optimizer, loss }: Experiment): StopRule {
  const flow = optimizer.kind === 'gradient-flow';
  const explicit = stop.loss !== undefined || stop.logLoss !== undefined;
  return {
    loss: stop.loss ?? 0,
    logLoss: stop.logLoss ?? (explicit ? -Infinity : leastLogLoss(loss)),
    gradientNorm: stop.gradientNorm ?? 0,
    relativeGradient: RELATIVE_GRADIENT,
    logTime: stop.time === undefined ? Infinity : Math.log(stop.time),
    steps: stop.steps ?? (flow ? FLOW_STEPS : DESCENT_STEPS),
    seconds: stop.seconds ?? Infinity,
  };
}

/** ln ℒ at which a run on a loss without a minimum has come far enough: the direction error is then about 10⁻⁸ of the transient. */
function leastLogLoss(loss: Experiment['loss']): number {
  switch (loss.kind) {
    case 'square':
    case 'squared-hinge':
      return -Infinity;
    case 'logistic':
    case 'exponential':
    case 'cross-entropy':
      return LEAST_LOG_LOSS;
    case 'exponential-power':
      // The error is about 1/|ln ℒ| again; ‖w‖ = |ln ℒ|^(1/ν) has to stay below 10^100.
      return -Math.min(-LEAST_LOG_LOSS, Math.pow(10, 100 * loss.power));
    case 'polynomial':
      // The error is about 1/‖w‖, and ln ℒ = −b ln‖w‖.
      return -20 * loss.power;
    default:
      return loss satisfies never;
  }
}
