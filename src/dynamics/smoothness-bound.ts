/** How curved the loss is on the way of a descent: the default step size is the inverse of it. */
import { largestEigenvalue } from '../numerics/lanczos';
import { dot } from '../numerics/vectors';
import { Hessian } from './hessian';
import type { Objective } from './objective';

/** Multiplications that a search along the path may take, about a second's work. */
const WORK = 5e8;
/** Numbers that a Lanczos basis may hold. */
const BASIS = 1e7;
/** The path is followed until the loss has fallen by this factor: the predictor is then near its final size. */
const FALL = 1e-3;
const PATH_STEPS = 400;
const HALVINGS = 40;

/**
 * An upper bound of λ_max(∇²ℒ) on the way of a descent from θ(0), for the loss with its reduction; positive.
 * Linear model with a smooth loss: exactly sup ℓ″ · λ_max(X̃ᵀX̃) · c, which holds everywhere.
 * Otherwise there is no bound that holds everywhere, and the curvature at the start says little (it vanishes with the init of a
 * diagonal network): it is then the largest λ_max seen along a cautious descent: steps of half the stable size, which never cross a minimum of their line.
 */
export function smoothnessBound(objective: Objective, start: Float64Array): number {
  const { model, loss } = objective;
  if (model.kind === 'linear' && loss.smoothness < Infinity) return uniformBound(objective, start);
  const largest = largestAlongPath(objective, start);
  return largest > 0 ? largest : uniformBound(objective, start);
}

/** sup ℓ″ · c · λ_max(JᵀJ) at θ; 1 stands for ℓ″ where it has no bound, and for the whole where J vanishes. */
function uniformBound(objective: Objective, theta: Float64Array): number {
  const { model, loss } = objective;
  const { samples, outputsPerSample, parameterCount } = model;
  const outputs = samples * outputsPerSample;
  const wide = parameterCount > outputs;
  const middle = new Float64Array(wide ? parameterCount : outputs);
  // JJᵀ has the same largest eigenvalue as JᵀJ: take the smaller.
  const multiply = (v: Float64Array, out: Float64Array): void => {
    if (wide) {
      model.pullback(theta, v, middle);
      model.pushforward(theta, middle, out);
    } else {
      model.pushforward(theta, v, middle);
      model.pullback(theta, middle, out);
    }
  };
  const { value } = largestEigenvalue(Math.min(outputs, parameterCount), multiply, { residual: 1e-10, products: 500 });
  const weight = (loss.smoothness < Infinity ? loss.smoothness : 1) * (loss.reduction === 'mean' ? 1 / samples : 1);
  return value > 0 ? weight * value : 1;
}

function largestAlongPath(objective: Objective, start: Float64Array): number {
  const { samples, outputsPerSample, parameterCount } = objective.model;
  const hessian = new Hessian(objective);
  const multiply = hessian.multiply.bind(hessian);
  let theta = start.slice();
  let trial = start.slice();
  let gradient = new Float64Array(parameterCount);
  let trialGradient = new Float64Array(parameterCount);
  let loss = objective.gradient(theta, gradient);
  const goal = FALL * loss;
  const sharpest = start.slice();
  let largest = -Infinity;
  let direction: Float64Array | undefined;
  let left = Math.ceil(WORK / (4 * samples * outputsPerSample * parameterCount));
  // λ_max at θ, from the direction that was sharpest before; the sharpest place is kept.
  const measure = (): number => {
    hessian.at(theta);
    const local = largestEigenvalue(parameterCount, multiply, {
      residual: 1e-2,
      products: Math.max(1, Math.min(left, 20)),
      start: direction,
    });
    direction = local.restart;
    left -= local.products;
    if (local.value > largest) {
      largest = local.value;
      sharpest.set(theta);
    }
    return local.value;
  };
  for (let k = 0; k < PATH_STEPS && left > 0 && loss > goal; k++) {
    const local = measure();
    if (!(local > 0)) break;
    // Curvature that grows along the step would carry it over the valley: stay before the first minimum on the line.
    let step = 0.5 / local;
    for (let halvings = 0; halvings < HALVINGS; halvings++, step /= 2) {
      for (let j = 0; j < parameterCount; j++) trial[j] = theta[j] - step * gradient[j];
      const next = objective.gradient(trial, trialGradient);
      left--;
      if (next <= loss && dot(gradient, trialGradient) >= 0) {
        loss = next;
        break;
      }
    }
    [theta, trial] = [trial, theta];
    [gradient, trialGradient] = [trialGradient, gradient];
  }
  // The last step may have gone far, up to the end of the descent: the curvature there counts too.
  measure();
  hessian.at(sharpest);
  const products = Math.min(100, Math.ceil(BASIS / parameterCount));
  return Math.max(largest, largestEigenvalue(parameterCount, multiply, { residual: 1e-8, products }).value);
}
