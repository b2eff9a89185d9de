/** Small problems for the tests of the dynamics. */
import type { Dataset } from '../../../src/data/dataset';
import { Objective } from '../../../src/dynamics/objective';
import type { LossSpec, ModelSpec } from '../../../src/experiment/schema';
import { createLoss } from '../../../src/losses/create-loss';
import { createModel } from '../../../src/models/create-model';
import { isAvailable, KERNEL_VARIANTS, selectKernels, type KernelVariant } from '../../../src/numerics/wasm/kernels';
import { randomStream } from '../../../src/numerics/random';

/** Those that can run here; relaxed SIMD is one of them in newer engines only. */
export const VARIANTS = KERNEL_VARIANTS.filter(isAvailable);

export function withKernels<T>(variant: KernelVariant, work: () => T): T {
  selectKernels(variant);
  try {
    return work();
  } finally {
    selectKernels(null);
  }
}

export function datasetOf(rows: readonly (readonly number[])[], y: readonly number[]): Dataset {
  const features = rows[0].length;
  return {
    x: Float64Array.from(rows.flat()),
    y: Float64Array.from(y),
    samples: rows.length,
    features,
    featureNames: null,
    truth: null,
    test: null,
  };
}

/** Gaussian inputs; targets Gaussian, or signs for a margin loss. */
export function randomDataset(seed: number, samples: number, features: number, signs = false): Dataset {
  const stream = randomStream(seed, 'test');
  const rows = Array.from({ length: samples }, () => Array.from({ length: features }, () => stream.gaussian()));
  return datasetOf(
    rows,
    rows.map(() => (signs ? stream.sign() : stream.gaussian())),
  );
}

export function objectiveOf(data: Dataset, model: ModelSpec, loss: LossSpec): Objective {
  return new Objective(createModel(model, data), createLoss(loss), data.y);
}

export const LINEAR: ModelSpec = { kind: 'linear', bias: false };
export const tied = (depth: number): ModelSpec => ({ kind: 'diagonal', depth, tied: true });
export const untied = (depth: number): ModelSpec => ({ kind: 'diagonal', depth, tied: false });
export const SQUARE: LossSpec = { kind: 'square', reduction: 'mean' };
export const LOGISTIC: LossSpec = { kind: 'logistic', reduction: 'mean' };
export const EXPONENTIAL: LossSpec = { kind: 'exponential', reduction: 'mean' };

/** max_j |a_j − b_j| / max(1, max_j |b_j|). */
export function difference(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  let size = 1;
  for (let j = 0; j < b.length; j++) {
    largest = Math.max(largest, Math.abs(a[j] - b[j]));
    size = Math.max(size, Math.abs(b[j]));
  }
  return largest / size;
}
