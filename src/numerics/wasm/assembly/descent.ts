/**
 * Full-batch gradient descent on a loss of β(θ)·x̃_i, with the linear model (depth 1) or the tied diagonal network (depth ≥ 2).
 * Many steps a call; everything stays in this memory. One instance of the module is one descent.
 * Per group of columns that fits the first-level cache: gradient, update, and the new outputs, so the matrix is read once a step;
 * a step normalized by the gradient's norm has to know the whole gradient first and reads it twice.
 */
import { exponential } from './exponential';
import { addProduct, transposedProduct } from './panels';
import { shiftedLoss, slopes, suitableShift } from './slopes';
import { absoluteSum, momentumDiagonal, momentumLinear, plainDiagonal2, plainLinear, gradientNorm } from './updates';

export { fuses } from './lanes';

const RUNNING: i32 = 0;
const AT_REST: i32 = 1;
const DIVERGED: i32 = 2;

const PLAIN: i32 = 0;
const BY_GRADIENT: i32 = 1;
const BY_LOSS: i32 = 2;

/** Parameters, and residuals, beyond this have no use. */
const ENORMOUS: f64 = 1e150;
/** The size of the parameters is looked at once in so many steps. */
const WATCH: i32 = 128;
/** Bytes of the matrix in one group of columns. */
const GROUP: usize = 20480;

// Places in memory and sizes: `rows` and `columns` are multiples of 4, `samples` is `rows` without padding.
let samples: usize = 0;
let rows: usize = 0;
let columns: usize = 0;
let matrix: usize = 0;
let targets: usize = 0;
let outputs: usize = 0;
let weights: usize = 0;
let gradient: usize = 0;
let predictor: usize = 0;
let parameters: usize = 0;
let velocities: usize = 0;

// The descent: `factor` is the reduction's factor c.
let depth: i32 = 1;
let loss: i32 = 0;
let normalize: i32 = PLAIN;
let stepSize: f64 = 0;
let momentum: f64 = 0;
let factor: f64 = 1;

let state: i32 = RUNNING;
let logTime: f64 = -Infinity;

/** First free byte. */
export function heapBase(): usize {
  return __heap_base;
}

/** For the linear model `predictor` and `parameters` are the same place. */
export function place(
  samples_: usize,
  rows_: usize,
  columns_: usize,
  matrix_: usize,
  targets_: usize,
  outputs_: usize,
  weights_: usize,
  gradient_: usize,
  predictor_: usize,
  parameters_: usize,
  velocities_: usize,
): void {
  samples = samples_;
  rows = rows_;
  columns = columns_;
  matrix = matrix_;
  targets = targets_;
  outputs = outputs_;
  weights = weights_;
  gradient = gradient_;
  predictor = predictor_;
  parameters = parameters_;
  velocities = velocities_;
}

export function configure(depth_: i32, loss_: i32, normalize_: i32, stepSize_: f64, momentum_: f64, factor_: f64): void {
  depth = depth_;
  loss = loss_;
  normalize = normalize_;
  stepSize = stepSize_;
  momentum = momentum_;
  factor = factor_;
  state = RUNNING;
  logTime = -Infinity;
}

export function currentState(): i32 {
  return state;
}

/** ln of the sum of the effective step sizes of a normalized descent. */
export function currentLogTime(): f64 {
  return logTime;
}

/** outputs = A·predictor. */
export function multiply(): void {
  memory.fill(outputs, 0, rows << 3);
  addProduct(matrix, rows, 0, columns, predictor, outputs);
}

/** gradient = Aᵀ·weights. */
export function multiplyTransposed(): void {
  transposedProduct(matrix, rows, 0, columns, weights, gradient);
}

/** out_i = e^(x_i), i < count (an even number). */
export function exponentials(x: usize, out: usize, count: usize): void {
  for (let i: usize = 0; i < count << 3; i += 16) v128.store(out + i, exponential(v128.load(x + i)));
}

function update(from: usize, to: usize, rate: f64): bool {
  if (depth == 1) {
    return momentum == 0
      ? plainLinear(from, to, rate, gradient, parameters)
      : momentumLinear(from, to, rate, momentum, gradient, parameters, velocities);
  }
  return depth == 2 && momentum == 0
    ? plainDiagonal2(from, to, rate, gradient, columns, parameters, predictor)
    : momentumDiagonal(from, to, rate, momentum, depth, gradient, columns, parameters, velocities, predictor);
}

/** Gradient, update and new outputs, group by group. Returns whether anything has changed. */
function sweep(rate: f64): bool {
  const group = max<usize>(4, (GROUP / (rows << 3)) & ~3);
  let changed = false;
  memory.fill(outputs, 0, rows << 3);
  for (let from: usize = 0; from < columns; from += group) {
    const to = min(from + group, columns);
    transposedProduct(matrix, rows, from, to, weights, gradient);
    changed = update(from, to, rate) || changed;
    addProduct(matrix, rows, from, to, predictor, outputs);
  }
  return changed;
}

/** ln(e^a + e^b). */
function logSum(a: f64, b: f64): f64 {
  const high = Math.max(a, b);
  return high == -Infinity ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

function step(): bool {
  if (normalize == PLAIN) {
    if (!(slopes(loss, rows, outputs, targets, 0, weights) < ENORMOUS)) {
      state = DIVERGED;
      return false;
    }
    return sweep(stepSize * factor);
  }
  const shift = suitableShift(loss, samples, outputs);
  const divisor = normalize == BY_LOSS ? shiftedLoss(loss, samples, outputs, targets, shift) : 0;
  const size = slopes(loss, rows, outputs, targets, shift, weights);
  if (!(size < ENORMOUS) || !(abs(shift) < ENORMOUS)) {
    state = DIVERGED;
    return false;
  }
  let changed = false;
  let scale = divisor;
  if (normalize == BY_LOSS) {
    if (scale == 0) return false;
    changed = sweep(stepSize / scale);
  } else {
    multiplyTransposed();
    scale = gradientNorm(depth, columns, gradient, parameters);
    if (scale == 0) return false;
    changed = update(0, columns, stepSize / scale);
    multiply();
  }
  if (changed) logTime = logSum(logTime, Math.log(stepSize) - Math.log(factor) - Math.log(scale) + shift);
  return changed;
}

/** Does at most `count` steps and returns how many were done; `outputs` belong to the new parameters. */
export function descend(count: i32): i32 {
  const size = depth == 1 ? columns : 2 * columns;
  let done = 0;
  while (done < count && state == RUNNING) {
    // Padding rows repeat the last sample's output, so that their weights are harmless; their inputs are zero.
    for (let i = samples; i < rows; i++) store<f64>(outputs + (i << 3), load<f64>(outputs + ((samples - 1) << 3)));
    if (step()) done++;
    else if (state == RUNNING) state = AT_REST;
    if ((done % WATCH == 0 || done == count) && !(absoluteSum(parameters, size) < ENORMOUS)) state = DIVERGED;
  }
  return done;
}
