/** The named training loops, on fixed data. */
import type { Dataset } from '../../src/data/dataset';
import { completionData } from '../../src/data/random-matrix';
import { Curvature } from '../../src/dynamics/curvature';
import type { Dynamics, StepState } from '../../src/dynamics/dynamics';
import { createGradientDescent } from '../../src/dynamics/gradient-descent';
import { Objective } from '../../src/dynamics/objective';
import type { LossSpec, ModelSpec } from '../../src/experiment/schema';
import { createLoss } from '../../src/losses/create-loss';
import { createModel } from '../../src/models/create-model';
import { randomStream } from '../../src/numerics/random';
import { selectKernels, type KernelVariant } from '../../src/numerics/wasm/kernels';

export interface Loop {
  readonly name: string;
  readonly data: Dataset;
  readonly model: ModelSpec;
  readonly loss: LossSpec;
  readonly stepSize: number;
  /** θ(0): all entries; with `random` the standard deviation of normal ones. */
  readonly start: number;
  readonly random?: true;
  /** Steps from one measurement of the sharpness to the next; none without it. */
  readonly sharpnessEvery?: number;
  /** Steps in one repetition; fewer on the slower TypeScript path. No loop comes to rest within them. */
  readonly steps: Readonly<Record<'fast' | 'slow', number>>;
}

export interface Repetition {
  readonly stepsPerSecond: number;
  /** By the processor's time instead of the clock's: what others do on the machine counts less. */
  readonly stepsPerProcessorSecond: number;
  /** Loss after the repetition: everyone who runs the loop must find the same. */
  readonly finalLoss: number;
}

export const LOOPS: readonly Loop[] = [
  {
    name: 'gd-diagonal-n40-d1000',
    data: regression(40, 1000),
    model: { kind: 'diagonal', depth: 2, tied: true },
    loss: { kind: 'square', reduction: 'mean' },
    stepSize: 2e-4,
    start: 0.1,
    steps: { fast: 6000, slow: 1500 },
  },
  {
    name: 'gd-logistic-n100-d20',
    data: classification(100, 20),
    model: { kind: 'linear', bias: false },
    loss: { kind: 'logistic', reduction: 'mean' },
    stepSize: 0.1,
    start: 0,
    steps: { fast: 60_000, slow: 4000 },
  },
  {
    name: 'gd-factorization-3x100-2000',
    data: completionData({ kind: 'completion', rows: 100, columns: 100, rank: 3, observed: 2000, symmetric: false }, 1),
    model: { kind: 'matrix-factorization', depth: 3, symmetric: false },
    loss: { kind: 'square', reduction: 'sum' },
    stepSize: 1e-3,
    start: 0.1,
    random: true,
    steps: { fast: 300, slow: 30 },
  },
  {
    name: 'gd-mlp-2-100-100-1',
    data: generate(256, 2, (x) => Math.sin(3 * x[0]) * x[1]),
    model: { kind: 'network', widths: [100, 100], activation: 'tanh', bias: 'all', residual: false, trainable: 'all' },
    loss: { kind: 'square', reduction: 'mean' },
    stepSize: 0.05,
    start: 0.1,
    random: true,
    steps: { fast: 300, slow: 30 },
  },
  {
    // 600 measurements in 3000 steps, as a run on the edge of stability that is watched.
    name: 'edge-1-32-32-1',
    data: sine(32),
    model: { kind: 'network', widths: [32, 32], activation: 'tanh', bias: 'all', residual: false, trainable: 'all' },
    loss: { kind: 'square', reduction: 'mean' },
    stepSize: 0.1,
    start: 0.3,
    random: true,
    sharpnessEvery: 5,
    steps: { fast: 3000, slow: 300 },
  },
];

/** θ(0) of a loop, the same on all sides. */
export function startOf(loop: Loop, size: number): Float64Array {
  if (loop.random !== true) return new Float64Array(size).fill(loop.start);
  const stream = randomStream(1, 'bench-start');
  return Float64Array.from({ length: size }, () => loop.start * stream.gaussian());
}

/** Gaussian inputs, targets of a predictor with five ones. */
function regression(samples: number, features: number): Dataset {
  return generate(samples, features, (x) => x[0] + x[1] + x[2] + x[3] + x[4]);
}

/** sin 4x at even distances in [−1, 1]. */
function sine(samples: number): Dataset {
  const x = Float64Array.from({ length: samples }, (_, i) => -1 + (2 * i) / (samples - 1));
  return { x, y: x.map((value) => Math.sin(4 * value)), samples, features: 1, featureNames: null, truth: null, test: null };
}

/** Gaussian inputs, labels of the diagonal direction; separable. */
function classification(samples: number, features: number): Dataset {
  return generate(samples, features, (x) => (x.reduce((sum, value) => sum + value, 0) < 0 ? -1 : 1));
}

function generate(samples: number, features: number, target: (x: Float64Array) => number): Dataset {
  const stream = randomStream(1, 'bench');
  const x = Float64Array.from({ length: samples * features }, () => stream.gaussian());
  const y = Float64Array.from({ length: samples }, (_, i) => target(x.subarray(i * features, (i + 1) * features)));
  return { x, y, samples, features, featureNames: null, truth: null, test: null };
}

export function stepsOf(loop: Loop, variant: KernelVariant): number {
  return loop.steps[variant === 'typescript' ? 'slow' : 'fast'];
}

/** Runs the loop from its start; setting it up is not timed. */
export function repeatLoop(loop: Loop, variant: KernelVariant, steps = stepsOf(loop, variant)): Repetition {
  selectKernels(variant);
  let objective: Objective;
  let descent: Dynamics;
  let curvature: Curvature | null;
  try {
    objective = new Objective(createModel(loop.model, loop.data), createLoss(loop.loss), loop.data.y);
    const start = startOf(loop, objective.size);
    descent = createGradientDescent(objective, start, { stepSize: loop.stepSize, momentum: 0, normalize: 'none' });
    curvature = loop.sharpnessEvery === undefined ? null : new Curvature(objective);
  } finally {
    selectKernels(null);
  }
  const begin = performance.now();
  const used = process.cpuUsage();
  const state = curvature === null ? descent.advance(steps) : watched(descent, curvature, steps, loop.sharpnessEvery ?? steps);
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - begin) / 1000;
  if (state !== 'running' || descent.steps !== steps)
    throw new Error(`${loop.name} ended (${state}) after ${descent.steps} of ${steps} steps.`);
  return {
    stepsPerSecond: steps / seconds,
    stepsPerProcessorSecond: (1e6 * steps) / (user + system),
    finalLoss: objective.value(descent.parameters),
  };
}

/** The sharpness before the first of every so many steps. */
function watched(descent: Dynamics, curvature: Curvature, steps: number, every: number): StepState {
  let state: StepState = 'running';
  while (state === 'running' && descent.steps < steps) {
    if (!Number.isFinite(curvature.at(descent.parameters).sharpness())) throw new Error('The sharpness is no number.');
    state = descent.advance(Math.min(every, steps - descent.steps));
  }
  return state;
}
