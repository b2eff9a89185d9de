/**
 * What results share that speak of the minimum at which a descent with a finite step has settled: that the run is at a fit of every sample is settled by the run
 * itself, and there the Hessian of the square loss is the Gauss–Newton matrix (1/n) Σ ∇f(x_i)∇f(x_i)ᵀ, whose largest eigenvalue a settled descent keeps at most 2/η.
 */
import type { Experiment, OptimizerSpec } from '../experiment/schema';
import { largestGramEigenvalue } from '../numerics/symmetric-eigen';
import type { Condition, Verdict } from '../protocol/report';
import { exceptedStart } from './push';
import type { Situation, Trained } from './result';
import { condition, inWords } from './wording';

/** Residuals of 10⁻⁵ of the targets: what they add to the Hessian is as small against it. */
const FITTED = 1e-10;
/** By how much the sharpness of a settled run may exceed 2/η: an eigenvalue at the edge is damped slowly, and the run ends at a finite loss. */
export const EDGE = 1e-3;

const TEXT = 'the run settles at a minimum that fits every sample';

/** Plain steps of one size. SGD that is stable in mean square is stable in the mean, which is gradient descent. */
export function plainStepsCondition(optimizer: OptimizerSpec): Condition {
  const text = 'gradient descent or SGD with steps of one size';
  if (optimizer.kind === 'sgd') return condition(text, true, `SGD with batches of ${optimizer.batchSize}`);
  if (optimizer.kind === 'gradient-flow') return condition(text, false, 'a flow has no step: it settles at sharp minima as well');
  if (optimizer.kind !== 'gradient-descent') return condition(text, false, `${optimizer.kind} is stable up to another sharpness`);
  if (optimizer.momentum !== 0) return condition(text, false, 'momentum is stable up to another sharpness');
  if (optimizer.normalize !== 'none') return condition(text, false, 'normalised steps do not settle');
  return condition(text, true, 'gradient descent');
}

export function squareLossOf({ loss, optimizer }: Experiment): boolean {
  return loss.kind === 'square' && optimizer.kind !== 'gradient-flow';
}

/** Loss against that of the answer 0. */
function relativeLoss({ loss }: Trained, { data, loss: { reduction } }: Situation): number {
  const square = data.y.reduce((sum, y) => sum + y * y, 0);
  return (2 * loss * (reduction === 'mean' ? data.samples : 1)) / square;
}

export interface Settled {
  /** Before the run: unknown. */
  readonly condition: Condition;
  /** As the run has settled it. */
  after(trained: Trained): Condition;
  /** Inconclusive for a run that did not settle, else null. */
  verdictElsewhere(trained: Trained, result: string): Verdict | null;
}

export function settledMinimum(situation: Situation): Settled {
  const reached = (trained: Trained): boolean => trained.outcome !== 'diverged' && relativeLoss(trained, situation) <= FITTED;
  const at = (trained: Trained): string =>
    trained.outcome === 'diverged'
      ? 'the run diverged'
      : `it ended at ${inWords(relativeLoss(trained, situation))} of the loss of the answer 0`;
  return {
    condition: condition(TEXT, 'unknown', 'the run decides'),
    after: (trained) => condition(TEXT, reached(trained) ? true : trained.outcome === 'converged' ? false : 'unknown', at(trained)),
    verdictElsewhere: (trained, result) =>
      reached(trained)
        ? null
        : {
            result,
            measure: null,
            value: null,
            tolerance: null,
            outcome: 'inconclusive',
            says: `The run did not settle at a minimum that fits every sample: ${at(trained)}. The bound is about minima at which a run settles.`,
          },
  };
}

/**
 * What is said of a run at a minimum with a sharpness beyond 2/η: nothing of stable ones where a push shows that it is unstable, as it should be.
 * @param broken whether the bound by the step is exceeded as well
 */
export function beyondTheEdge(
  { parameters }: Trained,
  situation: Situation,
  broken: boolean,
  seen: string,
): Pick<Verdict, 'outcome' | 'says'> {
  const excepted = exceptedStart(parameters, situation);
  if (broken && excepted === null) return { outcome: 'disagrees', says: `${seen}: more than the step allows.` };
  const why = excepted === null ? '' : ` ${excepted}.`;
  return {
    outcome: 'inconclusive',
    says: `${seen}. The run is at a minimum that its step cannot hold, so it says nothing of stable ones.${why}`,
  };
}

/** Rows ∇f(x_i) at θ: samples × parameters. */
export function gradientsAt({ model }: Situation, theta: Float64Array): Float64Array {
  const jacobian = new Float64Array(model.samples * model.outputsPerSample * model.parameterCount);
  model.jacobian(theta, jacobian);
  return jacobian;
}

/** λ_max of the Gauss–Newton matrix of the loss over the mean, (1/n) Σ ∇f∇fᵀ, whatever the file's reduction. */
export function meanSharpness(jacobian: Float64Array, { model }: Situation): number {
  return largestGramEigenvalue(jacobian, model.samples, model.parameterCount) / model.samples;
}

/** η for the loss over the mean: n times the step of a summed loss. */
export function meanStep({ stepSize, loss, data }: Situation): number {
  return (stepSize ?? Number.NaN) * (loss.reduction === 'mean' ? 1 : data.samples);
}
