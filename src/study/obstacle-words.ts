/** Where and why a flow is stuck, for people. */
import type { Dynamics } from '../dynamics/dynamics';
import { norm2 } from '../numerics/vectors';
import { inWords, stepsInWords } from '../theory/wording';

/** A gradient that changes by more than this share over the shortest step has a jump there: one that is continuous changes by a rounding. */
const JUMP = 1e-3;

/** "The flow is stuck at a kink at the start, at θ = 0: …" */
export function obstacleInWords({ obstacle, parameters, steps, logTime }: Dynamics): string {
  const size = norm2(parameters);
  const when = steps === 0 ? 'at the start' : `after ${stepsInWords(steps)}, at time ${inWords(Math.exp(logTime))}`;
  const where = size === 0 ? 'θ = 0' : `‖θ‖ = ${inWords(size)}`;
  if (obstacle === undefined) return `The flow is stuck ${when}, at ${where}.`;
  const { gradient, jump, within, pace } = obstacle;
  if (pace !== undefined)
    return (
      `The flow slides along a kink ${when}, at ${where}: both sides lead to it, and the gradient, of norm ${inWords(gradient)}, jumps by ${inWords(jump)} ` +
      `within a distance of ${inWords(within)}. ${stepsInWords(pace.steps)} that keep to the tolerance were ${inWords(pace.share)} of the time on which loss or ` +
      'parameters change, all together. Gradient descent, whose steps have a size of their own, goes on across it.'
    );
  if (!(jump > JUMP * gradient))
    return `The flow is stuck ${when}, at ${where}: no step, however short, keeps to the tolerance, though the gradient has no jump there.`;
  return (
    `The flow is stuck at a kink ${when}, at ${where}: the gradient, of norm ${inWords(gradient)}, ` +
    `jumps by ${inWords(jump)} within a distance of ${inWords(within)} along the flow, so that no step keeps to the tolerance, however short.`
  );
}
