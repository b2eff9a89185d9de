/** Checks of a step size that the file gives against the curvature of its loss. */
import { fix, type FileDocument, type Finding } from '../document';
import type { Experiment } from '../schema';
import { stabilityThreshold, type StabilityThreshold } from '../stability-threshold';

/** What is known of the curvature once the data is loaded; null where it is not known. */
export interface CurvatureFacts {
  /**
   * Largest eigenvalue λ_max of the Hessian of the training loss in the parameters, with the file's reduction: of a linear model exact for
   * the square loss, its supremum over all parameters for the logistic loss; of other models the largest seen on a cautious way down.
   */
  readonly lambdaMax: number | null;
  /** λ_max at the start. */
  readonly sharpnessAtStart?: number | null;
  /** Every exact fit is at least so sharp. */
  readonly leastSharpness?: number | null;
}

interface Step {
  readonly size: number;
  readonly threshold: StabilityThreshold;
}

/** A constant step of the file with a threshold of stability; null for others, of which nothing is said. */
function stepOf({ optimizer }: Experiment): Step | null {
  if ((optimizer.kind !== 'gradient-descent' && optimizer.kind !== 'sgd') || optimizer.stepSize === undefined) return null;
  const threshold = stabilityThreshold(optimizer);
  return threshold === null ? null : { size: optimizer.stepSize, threshold };
}

export function checkStepSize(experiment: Experiment, document: FileDocument, facts: CurvatureFacts): Finding[] {
  const step = stepOf(experiment);
  if (step === null) return [];
  const finding =
    experiment.model.kind === 'linear'
      ? againstUniform(experiment, step, facts)
      : (againstFits(step, facts) ?? againstStart(experiment, step, facts));
  if (finding === null) return [];
  return [{ ...finding, pointer: POINTER, fixes: smaller(experiment, document, facts) }];
}

const POINTER = '/optimizer/stepSize';
type Said = Pick<Finding, 'code' | 'severity' | 'message'>;

/** Linear models: one curvature holds everywhere. */
function againstUniform({ loss, optimizer }: Experiment, { size, threshold }: Step, { lambdaMax }: CurvatureFacts): Said | null {
  if (lambdaMax === null || !(lambdaMax > 0) || loss.kind === 'exponential') return null;
  const bound = threshold.factor / lambdaMax;
  if (size < bound) return null;
  const beyond = `Step size ${size} is ${size === bound ? 'at' : 'beyond'} ${threshold.over('λ_max')} = ${threeDigits(bound)}`;
  const quadratic = loss.kind === 'square';
  const who = optimizer.kind === 'sgd' ? 'the mean of stochastic gradient descent' : 'gradient descent';
  const consequence = quadratic
    ? `${who} ${size === bound ? 'does not converge' : 'diverges'}.`
    : `the loss of ${who} need not decrease in every step.`;
  return { code: 'meaning.step-size', severity: quadratic ? 'warning' : 'information', message: `${beyond}: ${consequence}` };
}

/** No fit with λ_max beyond the threshold is linearly stable, so where the flattest one is beyond it there is none to converge to. */
function againstFits({ size, threshold }: Step, { leastSharpness }: CurvatureFacts): Said | null {
  if (leastSharpness === undefined || leastSharpness === null || !(leastSharpness > 0)) return null;
  const bound = threshold.factor / leastSharpness;
  if (size <= bound) return null;
  const least = `the least sharpness of any fit is S = ${threeDigits(leastSharpness)}`;
  return {
    code: 'meaning.step-size',
    severity: 'warning',
    message: `Step size ${size} is beyond ${threshold.over('S')} = ${threeDigits(bound)}: ${least}, so none is stable and the descent does not converge to one.`,
  };
}

/**
 * Plain descent on the square loss, by the curvature at the start. That the loss rises first beyond 2/λ_max is the linearisation there; the limit 4/λ_max
 * is that of two wide linear layers (A. Lewkowycz et al., 2020, arXiv 2003.02218), who see rectified units bear more.
 */
function againstStart({ model, loss, optimizer }: Experiment, { size }: Step, { sharpnessAtStart }: CurvatureFacts): Said | null {
  if (loss.kind !== 'square' || optimizer.kind !== 'gradient-descent' || optimizer.momentum !== 0) return null;
  if (sharpnessAtStart === undefined || sharpnessAtStart === null || !(sharpnessAtStart > 0)) return null;
  const times = size * sharpnessAtStart;
  if (times <= 2) return null;
  const beyond = (factor: number): string =>
    `Step size ${size} is beyond ${factor}/λ_max = ${threeDigits(factor / sharpnessAtStart)} at the start`;
  if (times <= 4) {
    return {
      code: 'meaning.step-size',
      severity: 'information',
      message: `${beyond(2)}, in the catapult zone below 4/λ_max: the first steps are unstable, and the descent may be thrown to a flatter place.`,
    };
  }
  const itsModel = model.kind === 'linear-network' && model.widths.length === 1;
  const message = `${beyond(4)}: descent diverges in the model of Lewkowycz et al. 2020, two wide linear layers`;
  return itsModel
    ? { code: 'meaning.step-size', severity: 'warning', message: `${message}.` }
    : { code: 'meaning.step-size', severity: 'information', message: `${message}; other models may bear more.` };
}

function smaller(
  { model }: Experiment,
  document: FileDocument,
  { lambdaMax, leastSharpness, sharpnessAtStart }: CurvatureFacts,
): Finding['fixes'] {
  const most = Math.max(lambdaMax ?? 0, leastSharpness ?? 0, sharpnessAtStart ?? 0);
  if (!(most > 0) || !Number.isFinite(most)) return [];
  const size = twoDigitsDown(1 / most);
  const change = document.replacement(POINTER, String(size));
  const name = model.kind === 'linear' ? '1/λ_max' : '1/λ_max on a cautious way down';
  return change === null ? [] : [fix(`Set stepSize to ${size} (${name})`, [change])];
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Rounded down to two significant digits. */
function twoDigitsDown(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.floor(value / unit) * unit).toPrecision(2));
}
