/** Checks of a file against the data it resolves to. */
import { fix, type FileDocument, type Finding } from '../document';
import { LIMITS } from '../../protocol/limits';
import type { Experiment } from '../schema';
import { stabilityThreshold } from '../stability-threshold';
import { absentClass } from './data-checks';

/** What is known once the data is loaded. */
export interface DataFacts {
  /** Training samples. */
  readonly samples: number;
  readonly features: number;
  /** Outputs K of the model: the number of classes, else 1. */
  readonly outputs: number;
  /** Training targets. */
  readonly targets: Float64Array;
  /**
   * Largest eigenvalue λ_max of the Hessian of the training loss in the parameters of a linear model, with the file's reduction:
   * exact for the square loss, its supremum over all parameters for the logistic loss. Null where there is no such bound.
   */
  readonly lambdaMax: number | null;
}

export function checkTargets({ data, loss }: Experiment, { targets }: DataFacts): Finding[] {
  if (loss.kind === 'cross-entropy') return checkClassTargets(targets);
  if (data.kind !== 'csv' || data.labels || loss.kind === 'square') return [];
  const wrong = targets.findIndex((target) => target !== 1 && target !== -1);
  if (wrong < 0) return [];
  const values = [...new Set(targets)].sort((a, b) => a - b);
  const hint = values.length === 2 ? ` Map them by "labels": { "${values[0]}": -1, "${values[1]}": 1 }.` : '';
  const message = `The ${loss.kind} loss needs labels −1 and 1: the target column holds ${targets[wrong]}.${hint}`;
  return [{ code: 'meaning.labels', message, pointer: '/data/target' }];
}

/** Every class 0 … K−1 has a training sample. */
function checkClassTargets(targets: Float64Array): Finding[] {
  const pointer = '/data';
  const needs = 'The cross-entropy loss needs classes 0 … K−1';
  const wrong = targets.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= LIMITS.classes);
  if (wrong >= 0) return [{ code: 'meaning.labels', message: `${needs}: the data holds ${targets[wrong]}.`, pointer, part: 'key' }];
  const absent = absentClass(targets);
  return absent === null
    ? []
    : [{ code: 'meaning.labels', message: `${needs}: no training sample has class ${absent}.`, pointer, part: 'key' }];
}

/** Gradient descent on a linear model against 2/λ_max. */
export function checkStepSize({ model, loss, optimizer }: Experiment, document: FileDocument, { lambdaMax }: DataFacts): Finding[] {
  if (model.kind !== 'linear' || (optimizer.kind !== 'gradient-descent' && optimizer.kind !== 'sgd')) return [];
  if (optimizer.stepSize === undefined) return [];
  if (lambdaMax === null || !(lambdaMax > 0) || loss.kind === 'exponential') return [];
  const threshold = stabilityThreshold(optimizer);
  if (threshold === null) return [];
  const bound = threshold.factor / lambdaMax;
  const { stepSize } = optimizer;
  if (stepSize < bound) return [];
  const pointer = '/optimizer/stepSize';
  const name = threshold.over('λ_max');
  const beyond = `Step size ${stepSize} is ${stepSize === bound ? 'at' : 'beyond'} ${name} = ${threeDigits(bound)}`;
  const quadratic = loss.kind === 'square';
  const who = optimizer.kind === 'sgd' ? 'the mean of stochastic gradient descent' : 'gradient descent';
  const consequence = quadratic
    ? `${who} ${stepSize === bound ? 'does not converge' : 'diverges'}.`
    : `the loss of ${who} need not decrease in every step.`;
  const smaller = twoDigitsDown(1 / lambdaMax);
  const change = document.replacement(pointer, String(smaller));
  return [
    {
      code: 'meaning.step-size',
      severity: quadratic ? 'warning' : 'information',
      message: `${beyond}: ${consequence}`,
      pointer,
      fixes: change === null ? [] : [fix(`Set stepSize to ${smaller} (1/λ_max)`, [change])],
    },
  ];
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Rounded down to two significant digits. */
function twoDigitsDown(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.floor(value / unit) * unit).toPrecision(2));
}
