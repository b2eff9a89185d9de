/**
 * A push off a minimum along its top eigenvector, followed by the steps of the descent: whether the minimum is left as fast as its sharpness says. A minimum
 * beyond the threshold of stability is not where a run should end. One that ends there all the same has either come along the stable directions alone, from one of
 * the starts of measure zero that theory excepts, or theory is wrong about the minimum; the push tells which.
 */
import type { OptimizerSpec } from '../experiment/schema';
import { distance2, norm2 } from '../numerics/vectors';
import type { Situation } from './result';
import { inWords } from './wording';

/** Relative to the parameters: the loss is a quadratic around the minimum up to the size of the push. */
const PUSH = 1e-9;
/** Growth is followed over so many steps, and not beyond what a quadratic can be trusted with. */
const STEPS = 8;
const FARTHEST = 1e3;
/** What moves farther in a step, in its own length, is on its way: by convention, far above what is left at the end of a run that settles. */
const AT_REST = 1e-3;
/** Of ln growth. */
const SAME_GROWTH = 1e-2;

export interface Push {
  /** Steps that were followed. */
  readonly steps: number;
  /** Distance after them over that of the push: measured, and of the linear iteration ½S(θ − θ*)². */
  readonly measured: number;
  readonly foreseen: number;
}

type Slope = (place: Float64Array, out: Float64Array) => void;

/** The linear iteration of an optimizer at a minimum: v ← βv − ηg(θ + ahead·v), θ ← θ + v. */
interface Iteration {
  readonly eta: number;
  readonly beta: number;
  readonly ahead: number;
}

/** Null for optimizers that have no such iteration. Adam at a minimum is the mean of the gradients over ε (wu-2018-stable-minima.ts). */
function iterationOf(optimizer: OptimizerSpec, eta: number): Iteration | null {
  // In the mean.
  if (optimizer.kind === 'sgd') return { eta, beta: 0, ahead: 0 };
  if (optimizer.kind === 'adam') return { eta: ((1 - optimizer.beta1) * eta) / optimizer.epsilon, beta: optimizer.beta1, ahead: 0 };
  if (optimizer.kind !== 'gradient-descent' || optimizer.normalize !== 'none') return null;
  const { momentum: beta, momentumKind } = optimizer;
  return { eta: momentumKind === 'ema' ? (1 - beta) * eta : eta, beta, ahead: momentumKind === 'nesterov' ? beta : 0 };
}

function descend(from: Float64Array, slope: Slope, { eta, beta, ahead }: Iteration, steps: number): Float64Array {
  const theta = from.slice();
  const velocity = new Float64Array(theta.length);
  const place = theta.slice();
  const gradient = new Float64Array(theta.length);
  for (let k = 0; k < steps; k++) {
    for (let j = 0; j < theta.length; j++) place[j] = theta[j] + ahead * velocity[j];
    slope(place, gradient);
    for (let j = 0; j < theta.length; j++) {
      velocity[j] = beta * velocity[j] - eta * gradient[j];
      theta[j] += velocity[j];
    }
  }
  return theta;
}

/** The push from θ; null for optimizers without a linear iteration of their own. */
export function pushFrom(
  theta: Float64Array,
  { curvature, objective, stepSize, experiment }: Pick<Situation, 'curvature' | 'objective' | 'stepSize' | 'experiment'>,
): Push | null {
  const iteration = iterationOf(experiment.optimizer, stepSize ?? Number.NaN);
  if (iteration === null) return null;
  const { value: sharpness, vector } = curvature.at(theta).top();
  const linear = (steps: number): number =>
    Math.abs(descend(Float64Array.of(1), (place, out) => (out[0] = sharpness * place[0]), iteration, steps)[0]);
  let steps = STEPS;
  while (steps > 1 && linear(steps) > FARTHEST) steps--;
  const size = PUSH * (norm2(theta) || 1);
  const slope: Slope = (place, out) => void objective.gradient(place, out);
  const apart = distance2(
    descend(
      theta.map((value, j) => value + size * vector[j]),
      slope,
      iteration,
      steps,
    ),
    descend(theta, slope, iteration, steps),
  );
  return { steps, measured: apart / size, foreseen: linear(steps) };
}

/** Whether a push grows as foreseen, within a percent of its logarithm. */
export function growsAsForeseen({ measured, foreseen, steps }: Push): boolean {
  return Math.abs(Math.log(measured / foreseen)) <= SAME_GROWTH * Math.max(steps, Math.log(foreseen));
}

/**
 * Why a run that ended at a minimum beyond the threshold does not speak against the threshold; null where a push from there does not grow as foreseen, so that
 * it does, or where the parameters are no minimum.
 */
export function exceptedStart(
  theta: Float64Array,
  situation: Pick<Situation, 'curvature' | 'objective' | 'stepSize' | 'experiment'>,
): string | null {
  const { objective, stepSize } = situation;
  const gradient = new Float64Array(theta.length);
  objective.gradient(theta, gradient);
  if (!((stepSize ?? Number.NaN) * norm2(gradient) <= AT_REST * norm2(theta))) return null;
  const push = pushFrom(theta, situation);
  if (push === null || !(push.foreseen > 1) || !growsAsForeseen(push)) return null;
  const { optimizer } = situation.experiment;
  const warmed = optimizer.kind === 'gradient-descent' && optimizer.warmup > 0 ? ', or settled while its steps still grew' : '';
  return (
    `The minimum is unstable all the same: a push along the top eigenvector grows ${inWords(push.measured, 4)}-fold in ${push.steps} ` +
    `${push.steps === 1 ? 'step' : 'steps'}, foreseen ${inWords(push.foreseen, 4)}-fold. The run came to it along stable directions alone${warmed}: ` +
    'a start of the kind that the theorem excepts'
  );
}
