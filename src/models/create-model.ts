/** A model from its description, bound to the inputs it will be trained on. */
import type { Dataset } from '../data/dataset';
import type { ModelSpec } from '../experiment/schema';
import { createDiagonal } from './diagonal';
import { createLinear } from './linear';
import type { Model } from './model';

export function createModel(spec: ModelSpec, data: Dataset): Model {
  switch (spec.kind) {
    case 'linear':
      return createLinear(spec, data);
    case 'diagonal':
      return createDiagonal(spec, data);
    default:
      return spec satisfies never;
  }
}
