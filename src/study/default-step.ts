/** The step size of a descent for which the file gives none: the last default, which needs the data. */
import { createNorm } from '../numerics/create-norm';
import type { Objective } from '../dynamics/objective';
import type { Experiment } from '../experiment/schema';
import type { Norm } from '../numerics/norms';
import { NORMS } from '../numerics/norms';

/**
 * - gradient descent and SGD: 1/λ_max
 * - steepest descent on a linear model, B = max ‖x_i‖_*: 1/B² divided by the loss, 1/B divided by the gradient, else 1/(sup ℓ″ · c Σ‖x_i‖_*²),
 *   for the exponential loss 1/(B²ℒ(θ₀)): the loss then falls in every step (Gunasekar et al. 2018, Theorem 5)
 * - mirror descent: the same with the ℓ2 norm, which is right for the potential ½‖w‖₂² and a scale for the others
 * @param curvature largest eigenvalue of the Hessian along the way, where it is known
 */
export function defaultStep(experiment: Experiment, objective: Objective, start: Float64Array, curvature: number | null): number {
  const { optimizer } = experiment;
  const plain = curvature !== null && curvature > 0 && Number.isFinite(curvature) ? 1 / curvature : 1;
  if (optimizer.kind !== 'steepest-descent' && optimizer.kind !== 'mirror-descent') return plain;
  const norm = optimizer.kind === 'steepest-descent' ? createNorm(optimizer.norm) : NORMS.l2;
  const sizes = rowSizes(objective, norm);
  if (sizes === null) return plain;
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  if (!(largest > 0)) return 1;
  if (optimizer.normalize === 'loss') return 1 / largest ** 2;
  if (optimizer.normalize === 'gradient') return 1 / largest;
  const { loss, model } = objective;
  if (!Number.isFinite(loss.smoothness)) return 1 / (largest ** 2 * objective.value(start));
  const c = loss.reduction === 'mean' ? 1 / model.samples : 1;
  return 1 / (loss.smoothness * c * sizes.reduce((sum, size) => sum + size ** 2, 0));
}

/** ‖x_i‖_* of a linear model; null for others. */
function rowSizes({ model }: Objective, norm: Norm): Float64Array | null {
  const { inputs, samples } = model;
  if (inputs === undefined || model.kind !== 'linear' || model.outputsPerSample !== 1) return null;
  const width = inputs.length / samples;
  return Float64Array.from({ length: samples }, (_, i) => norm.dual(inputs.subarray(i * width, (i + 1) * width)));
}
