/** What the results on linear classifiers ask of data, loss and norms, in the same words. */
import type { Experiment } from '../experiment/schema';
import { matVec } from '../numerics/dense';
import type { Condition } from '../protocol/report';
import type { Facts } from './facts';
import type { Situation, Trained } from './result';
import { condition, inWords } from './wording';

/** A linear predictor with one output, trained on a loss of the margin. */
export function isLinearClassifier({ model, loss }: Experiment): boolean {
  return model.kind === 'linear' && loss.kind !== 'square' && loss.kind !== 'cross-entropy';
}

export function separableCondition(facts: Facts): Condition {
  const text = 'data linearly separable through the origin';
  const separation = facts.separability();
  if (separation.separable === null) return condition(text, 'unknown', separation.because);
  return separation.separable
    ? condition(text, true, `ℓ2 margin ${inWords(separation.margin)}`)
    : condition(text, false, `Σ uᵢ yᵢ xᵢ = 0 for non-negative weights u with Σ uᵢ = 1, to ${inWords(separation.certificate.value)}`);
}

/** max_i of a function of the rows x̃_i, for instance their dual norm. */
export function largestRow(facts: Facts, size: (row: Float64Array) => number): number {
  const { inputs, width, data } = facts;
  let largest = 0;
  for (let i = 0; i < data.samples; i++) largest = Math.max(largest, size(inputs.subarray(i * width, (i + 1) * width)));
  return largest;
}

/** ℒ(θ(0)) with the reduction of the file. */
export function startLoss({ model, loss, data, start }: Situation): number {
  const outputs = new Float64Array(data.samples);
  model.outputs(start, outputs);
  return loss.value(outputs, data.y);
}

/** ln Σ ℓ at the start, whatever the reduction. */
export function startLogSum({ model, loss, data, start }: Situation): number {
  const outputs = new Float64Array(data.samples);
  model.outputs(start, outputs);
  return loss.logValue(outputs, data.y) + (loss.reduction === 'mean' ? Math.log(data.samples) : 0);
}

/** min_i y_i w·x_i. */
export function smallestMargin(facts: Facts, w: Float64Array): number {
  const products = new Float64Array(facts.data.samples);
  matVec(facts.inputs, facts.data.samples, facts.width, w, products);
  let smallest = Infinity;
  for (let i = 0; i < products.length; i++) smallest = Math.min(smallest, facts.data.y[i] * products[i]);
  return smallest;
}

/** Value of a column recorded nearest to half of the final ln t; null where there is none. */
export function earlierValue({ trajectory, logTime }: Trained, column: string): number | null {
  const times = trajectory['logTime'];
  const values = trajectory[column];
  if (times === undefined || values === undefined) return null;
  let best = -1;
  for (let k = 0; k < times.length; k++) {
    if (Number.isFinite(values[k]) && (best < 0 || Math.abs(times[k] - logTime / 2) < Math.abs(times[best] - logTime / 2))) best = k;
  }
  return best < 0 ? null : values[best];
}

/** Before this the transient of the start may still hide the law: e^20 steps of unit size are out of reach of any loop. */
const SETTLED_LOG_TIME = 20;
/** 1/ln t halves from half of ln t to ln t; falling by a fifth is the least that counts as falling. */
const FALLING = 1.2;

/** Whether a distance that falls like 1/ln t may still be on its way to 0, and what it was at half of the final ln t. */
export function logarithmicClosing(
  trained: Trained,
  column: string,
  value: number,
): { readonly closing: boolean; readonly halfway: number | null } {
  const halfway = earlierValue(trained, column);
  return { closing: !(trained.logTime > SETTLED_LOG_TIME) || (halfway !== null && value < halfway / FALLING), halfway };
}
