/** Checks of a file against the data it resolves to. */
import type { Finding } from '../document';
import { LIMITS } from '../../protocol/limits';
import type { Experiment } from '../schema';
import { absentClass } from './data-checks';
import type { CurvatureFacts } from './step-size-checks';

/** What is known once the data is loaded. */
export interface DataFacts extends CurvatureFacts {
  /** Training samples. */
  readonly samples: number;
  readonly features: number;
  /** Outputs K of the model: the number of classes, else 1. */
  readonly outputs: number;
  /** Training targets. */
  readonly targets: Float64Array;
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
