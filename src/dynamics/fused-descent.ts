/**
 * Gradient descent inside WebAssembly: data and parameters live in the memory of one kernel instance, a call does many steps.
 * For the linear model and tied diagonal networks with each loss, but not down √ℒ; the same numbers as the TypeScript path up to rounding.
 */
import { allocate, createKernels, type Kernels } from '../numerics/wasm/kernels';
import type { Loss } from '../losses/loss';
import type { Dynamics, StepState } from './dynamics';
import type { DescentNormalization, GradientDescentOptions } from './descent-options';
import type { Objective } from './objective';

/** The numbers by which `assembly/descent.ts` knows these; absent where the kernel has no such loss. */
const LOSSES: Readonly<Partial<Record<Loss['kind'], number>>> = { square: 0, logistic: 1, exponential: 2 };
const NORMALIZATIONS: Readonly<Partial<Record<DescentNormalization, number>>> = { none: 0, gradient: 1, loss: 2 };
const STATES: readonly StepState[] = ['running', 'at-rest', 'diverged'];
/** Steps in one call; the kernel counts in 32 bits. */
const STRETCH = 1 << 30;
/** Columns in a panel, and what rows are padded to. */
const PANEL = 4;

/** Null where there is no fused loop for this objective, no kernel, or no memory for it. */
export function createFusedDescent(objective: Objective, start: Float64Array, options: GradientDescentOptions): Dynamics | null {
  const { model } = objective;
  // The kernel takes its gradients at θ.
  if (options.momentum > 0 && options.momentumKind === 'nesterov') return null;
  const depth = model.kind === 'linear' ? 1 : model.kind === 'diagonal-tied' ? model.degree : null;
  const lossCode = LOSSES[objective.loss.kind];
  const normalization = NORMALIZATIONS[options.normalize];
  if (
    depth === null ||
    (options.weightDecay ?? 0) > 0 ||
    lossCode === undefined ||
    normalization === undefined ||
    model.outputsPerSample !== 1 ||
    model.inputs === undefined ||
    model.predictor === undefined
  )
    return null;
  const kernels = createKernels();
  if (kernels === null) return null;
  try {
    return new FusedDescent(kernels, objective, model.inputs, { depth, loss: lossCode, normalization }, start, options);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

interface Codes {
  readonly depth: number;
  readonly loss: number;
  readonly normalization: number;
}

class FusedDescent implements Dynamics {
  readonly kind = 'gradient-descent';
  readonly parameters: Float64Array;
  readonly stepSize: number;
  steps = 0;
  private state: StepState = 'running';
  private readonly normalized: boolean;
  /** What the kernel's step is of η: the exponential mean is a heavy ball with step (1 − β)η. */
  private readonly weight: number;
  /** θ in the kernel's memory: each block padded to `columns` entries. */
  private readonly resident: Float64Array;
  private readonly columns: number;
  private readonly features: number;

  constructor(
    private readonly kernels: Kernels,
    objective: Objective,
    inputs: Float64Array,
    { depth, loss: lossCode, normalization }: Codes,
    start: Float64Array,
    options: GradientDescentOptions,
  ) {
    const { model, loss } = objective;
    const samples = model.samples;
    const features = inputs.length / samples;
    const rows = Math.ceil(samples / PANEL) * PANEL;
    const columns = Math.ceil(features / PANEL) * PANEL;
    const size = (depth === 1 ? 1 : 2) * columns;
    const [matrix, targets, outputs, weights, gradient, predictor, parameters, velocities] = allocate(kernels, [
      rows * columns,
      rows,
      rows,
      rows,
      columns,
      depth === 1 ? 0 : columns,
      size,
      options.momentum === 0 && depth <= 2 ? 0 : size,
    ]);
    packPanels(inputs, samples, features, loss.onMargins ? objective.targets : null, matrix, rows);
    targets.fill(objective.targets[samples - 1]).set(objective.targets);
    for (let block = 0; block * features < start.length; block++) {
      parameters.set(start.subarray(block * features, (block + 1) * features), block * columns);
    }
    if (depth > 1) model.predictor?.(start, predictor.subarray(0, features));
    kernels.place(
      samples,
      rows,
      columns,
      matrix.byteOffset,
      targets.byteOffset,
      outputs.byteOffset,
      weights.byteOffset,
      gradient.byteOffset,
      depth === 1 ? parameters.byteOffset : predictor.byteOffset,
      parameters.byteOffset,
      velocities.byteOffset,
    );
    const factor = loss.reduction === 'mean' ? 1 / samples : 1;
    this.weight = options.momentumKind === 'ema' ? 1 - options.momentum : 1;
    kernels.configure(depth, lossCode, normalization, this.weight * options.stepSize, options.momentum, factor);
    kernels.multiply();
    this.parameters = start.slice();
    this.stepSize = options.stepSize;
    this.normalized = options.normalize !== 'none';
    this.resident = parameters;
    this.columns = columns;
    this.features = features;
  }

  get logTime(): number {
    return this.normalized ? this.kernels.currentLogTime() - Math.log(this.weight) : Math.log(this.steps) + Math.log(this.stepSize);
  }

  advance(count: number): StepState {
    for (let left = count; left > 0 && this.state === 'running';) {
      const stretch = Math.min(left, STRETCH);
      this.steps += this.kernels.descend(stretch);
      left -= stretch;
      this.state = STATES[this.kernels.currentState()];
    }
    const { parameters, resident, columns, features } = this;
    for (let block = 0; block * features < parameters.length; block++) {
      parameters.set(resident.subarray(block * columns, block * columns + features), block * features);
    }
    return this.state;
  }
}

/** The rows x̃_i, each times its scale, in the layout of `assembly/panels.ts`. */
function packPanels(
  inputs: Float64Array,
  samples: number,
  features: number,
  scales: Float64Array | null,
  out: Float64Array,
  rows: number,
): void {
  for (let i = 0; i < samples; i++) {
    const scale = scales === null ? 1 : scales[i];
    for (let j = 0; j < features; j++) {
      const column = j % PANEL;
      out[(j - column) * rows + (i - (i % 2)) * PANEL + 2 * column + (i % 2)] = scale * inputs[i * features + j];
    }
  }
}
